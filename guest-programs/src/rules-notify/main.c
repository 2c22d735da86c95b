/*
 * Write notification at the page cache: ranges of the file behind a region are watched; stores by any process, through
 * any table, and write(2) are told of before they are made. Needs --notify write.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"
#include "guest.h"

#define PAGES 8
#define BYTES (PAGES * GUEST_PAGE_BYTES)
#define CHILDREN 2

struct child {
    uint32_t turn;
    uint32_t op;
    uint32_t done; /* the order was carried out */
    uint64_t at;
    int value;
};

enum { STORE = 1, LOAD, WRITE, PROTECT, SIGNALLED, END };

static struct guest_region region;
static struct child *children;
static int file;
static int notifier;
static volatile unsigned char *seen_address;
static volatile int seen_code;
static volatile int signals;

static uint64_t page(unsigned number) {
    return number * GUEST_PAGE_BYTES;
}

static int protect(uint64_t offset, size_t bytes, int mode, long cookie) {
    return syscall(GUEST_SYS_NOTIFY_PROTECT, notifier, file, offset, bytes, mode, cookie) ? errno : 0;
}

static int unprotect(uint64_t offset, size_t bytes) {
    return syscall(GUEST_SYS_NOTIFY_UNPROTECT, notifier, file, offset, bytes) ? errno : 0;
}

static void on_fault(int number, siginfo_t *info, void *context) {
    (void) number, (void) context;
    signals++;
    seen_address = info->si_addr;
    seen_code = info->si_code;
    unprotect(page(6), GUEST_PAGE_BYTES);
}

/* What a child does when told: one access at a time. */
static void obey(struct child *self) {
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGSEGV, &action, NULL);
    guest_region_attach(&region);
    struct guest_file_part whole = {file, 0, PROT_READ | PROT_WRITE};
    if (!guest_region_can_map_file_for_all(&region) && file != region.fd
        && guest_region_map_file(&region, 0, BYTES, &whole)) {
        _exit(3);
    }
    volatile unsigned char *memory = region.base;
    for (;;) {
        guest_await(&self->turn, 1);
        unsigned char byte = (unsigned char) self->value;
        switch (self->op) {
        case STORE:
            memory[self->at] = byte;
            break;
        case LOAD:
            self->value = memory[self->at];
            break;
        case WRITE:
            self->value = (int) pwrite(file, &byte, 1, (off_t) self->at);
            break;
        case PROTECT:
            self->value = guest_region_protect(&region, self->at & -GUEST_PAGE_BYTES, GUEST_PAGE_BYTES, self->value);
            break;
        case SIGNALLED:
            self->value = signals;
            break;
        default:
            _exit(0);
        }
        __atomic_store_n(&self->turn, 0, __ATOMIC_RELEASE);
    }
}

static void begin(int who, uint32_t op, uint64_t at, int value) {
    children[who].op = op;
    children[who].at = at;
    children[who].value = value;
    __atomic_store_n(&children[who].turn, 1, __ATOMIC_RELEASE);
}

/* Returns whether a child is still at its order after others have had every chance to run. */
static int waits(int who) {
    usleep(200);
    return __atomic_load_n(&children[who].turn, __ATOMIC_ACQUIRE) == 1;
}

static int ask(int who, uint32_t op, uint64_t at, int value) {
    begin(who, op, at, value);
    guest_await(&children[who].turn, 0);
    return children[who].value;
}

/* Returns whether an event can be read, and reads it. */
static int next_event(struct guest_notify_event *event) {
    struct pollfd waiting = {notifier, POLLIN, 0};
    return poll(&waiting, 1, 0) == 1 && read(notifier, event, sizeof *event) == sizeof *event;
}

static void arguments(void) {
    guest_rule_errno("O", "protect: an odd offset: EINVAL", protect(1, GUEST_PAGE_BYTES, GUEST_NOTIFY_WAIT, 0), EINVAL);
    guest_rule_errno("O", "protect: no bytes: EINVAL", protect(0, 0, GUEST_NOTIFY_WAIT, 0), EINVAL);
    guest_rule_errno("O", "protect: an unknown mode: EINVAL", protect(0, GUEST_PAGE_BYTES, 7, 0), EINVAL);
    int result = syscall(GUEST_SYS_NOTIFY_PROTECT, file, file, 0, GUEST_PAGE_BYTES, 0, 0) ? errno : 0;
    guest_rule_errno("O", "protect: no notifier: EINVAL", result, EINVAL);
    result = syscall(GUEST_SYS_NOTIFY_PROTECT, notifier, notifier, 0, GUEST_PAGE_BYTES, 0, 0) ? errno : 0;
    guest_rule_errno("O", "protect: no file in memory: EOPNOTSUPP", result, EOPNOTSUPP);
    struct guest_notify_event event;
    guest_rule("O", "nothing happened: read(2) of a nonblocking notifier: EAGAIN",
               read(notifier, &event, sizeof event) == -1 && errno == EAGAIN);
    guest_rule("O", "and a buffer too small for an event: EINVAL", read(notifier, &event, 8) == -1 && errno == EINVAL);
}

static void stores(void) {
    struct guest_notify_event event;
    for (unsigned number = 0; number < PAGES; number++) {
        ask(0, STORE, page(number), 1);
        ask(1, STORE, page(number) + 1, 2);
    }
    guest_rule_errno("T", "a range of a file is protected by offset, in every mapping",
                     protect(page(1), 2 * GUEST_PAGE_BYTES, GUEST_NOTIFY_WAIT, 4711), 0);
    guest_rule_errno("O", "once: again is EBUSY", protect(page(2), GUEST_PAGE_BYTES, GUEST_NOTIFY_WAIT, 1), EBUSY);
    guest_rule("T", "loads go on", ask(0, LOAD, page(1), 0) == 1 && ask(1, LOAD, page(2) + 1, 0) == 2);
    ask(0, STORE, page(0), 5);
    ask(1, STORE, page(3), 5);
    guest_rule("T", "stores elsewhere go on", !next_event(&event));
    begin(0, STORE, page(1) + 8, 77);
    guest_rule("T", "a store is caught before it is made", waits(0) && region.base[page(1) + 8] == 0);
    guest_rule("O", "the event names page, range, address and process",
               next_event(&event) && event.offset == page(1) && event.cookie == 4711 && event.kind == GUEST_NOTIFY_STORE
                   && event.address == (uint64_t) (region.base + page(1) + 8) && event.pid);
    begin(1, STORE, page(1) + 9, 78);
    guest_rule("T", "by whichever process", waits(1) && waits(0));
    guest_rule("O", "a page is told of once until it is unprotected", !next_event(&event));
    guest_rule_errno("T", "one call lets all of them go on", unprotect(page(1), GUEST_PAGE_BYTES), 0);
    guest_await(&children[0].turn, 0);
    guest_await(&children[1].turn, 0);
    guest_rule("T", "their stores were made", region.base[page(1) + 8] == 77 && region.base[page(1) + 9] == 78);
    begin(1, STORE, page(2) + 8, 79);
    guest_rule("O", "the rest of the range is watched as before",
               waits(1) && next_event(&event) && event.offset == page(2));
    unprotect(0, BYTES);
    guest_await(&children[1].turn, 0);
    ask(0, STORE, page(2) + 9, 80);
    guest_rule("T", "nothing is told of afterwards", !next_event(&event) && region.base[page(2) + 9] == 80);
}

static void calls(void) {
    struct guest_notify_event event;
    protect(page(4), GUEST_PAGE_BYTES, GUEST_NOTIFY_WAIT, 2);
    begin(0, WRITE, page(4) + 3, 91);
    guest_rule("T", "write(2) to the range is caught as well", waits(0) && region.base[page(4) + 3] == 0);
    guest_rule("O", "its event has no address", next_event(&event) && event.offset == page(4)
               && event.kind == GUEST_NOTIFY_WRITE && event.address == 0);
    unprotect(page(4), GUEST_PAGE_BYTES);
    guest_await(&children[0].turn, 0);
    guest_rule("T", "and goes on when it may", children[0].value == 1 && region.base[page(4) + 3] == 91);
    protect(page(5), GUEST_PAGE_BYTES, GUEST_NOTIFY_WAIT, 3);
    if (guest_region_can_map_file_for_all(&region)) {
        guest_rule_skipped("O", "mprotect gives nobody the right back", "the design's windows refuse mprotect");
    } else {
        ask(0, PROTECT, page(5), PROT_READ);
        ask(0, PROTECT, page(5), PROT_READ | PROT_WRITE);
        begin(0, STORE, page(5), 92);
        guest_rule("O", "mprotect gives nobody the right back", waits(0) && next_event(&event));
    }
    unprotect(page(5), GUEST_PAGE_BYTES);
    guest_await(&children[0].turn, 0);
    unsigned char *copies = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    protect(0, BYTES, GUEST_NOTIFY_WAIT, 4);
    copies[page(3)] = 1;
    guest_rule("T", "a private copy is no write to the page cache", !next_event(&event));
    munmap(copies, BYTES);
    begin(0, STORE, page(7), 93);
    waits(0);
    int other = dup(notifier);
    close(notifier);
    guest_rule("O", "closing one of two descriptors ends nothing", waits(0));
    close(other);
    guest_await(&children[0].turn, 0);
    guest_rule("O", "closing the last lets everybody go on", region.base[page(7)] == 93);
}

static void by_signal(void) {
    struct guest_notify_event event;
    notifier = (int) syscall(GUEST_SYS_NOTIFY_CREATE, O_CLOEXEC | O_NONBLOCK);
    protect(page(6), GUEST_PAGE_BYTES, GUEST_NOTIFY_SIGNAL, 0);
    /* The children have no such descriptor: this process is the writer. */
    ((volatile unsigned char *) region.base)[page(6) + 5] = 94;
    guest_rule("T", "the writer is told by a signal where that is asked for", signals == 1);
    guest_rule("O", "SIGSEGV with a code of its own and the address",
               seen_code == GUEST_SEGV_WRITE_NOTIFY && seen_address == region.base + page(6) + 5);
    guest_rule("O", "the store is made once the handler has ended the protection", region.base[page(6) + 5] == 94);
    protect(page(6), GUEST_PAGE_BYTES, GUEST_NOTIFY_SIGNAL, 0);
    unsigned char byte = 95;
    guest_rule("T", "write(2) likewise, begun again after the handler",
               pwrite(file, &byte, 1, (off_t) page(6) + 6) == 1 && signals == 2
                   && seen_code == GUEST_SEGV_WRITE_NOTIFY && region.base[page(6) + 6] == 95);
    guest_rule("O", "no event is queued then", !next_event(&event));
    close(notifier);
}

int main(void) {
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGSEGV, &action, NULL);
    notifier = (int) syscall(GUEST_SYS_NOTIFY_CREATE, O_CLOEXEC | O_NONBLOCK);
    if (notifier < 0) {
        guest_refuse(1, "no write notification: --notify write");
    }
    guest_region_create(&region, "notify", BYTES);
    if (region.page_bytes != GUEST_PAGE_BYTES) {
        int result = syscall(GUEST_SYS_NOTIFY_PROTECT, notifier, region.fd, 0, region.page_bytes, 0, 0) ? errno : 0;
        guest_rule_errno("O", "protect: a file of huge pages: EOPNOTSUPP", result, EOPNOTSUPP);
        guest_rule_skipped("O", "stores are told of", "the region is made of huge pages from the pool");
        return guest_rules_end();
    }
    children = guest_shared_memory(CHILDREN * sizeof *children);
    struct stat status;
    if (!guest_region_can_map_file_for_all(&region) && region.fd >= 0 && !fstat(region.fd, &status) && status.st_size == (off_t) BYTES) {
        file = region.fd;
    } else {
        file = memfd_create("notify", 0);
        ftruncate(file, BYTES);
    }
    struct guest_file_part whole = {file, 0, PROT_READ | PROT_WRITE};
    if (guest_region_can_map_file_for_all(&region) && file != region.fd
        && guest_region_map_file_for_all(&region, 0, BYTES, &whole)) {
        guest_refuse(1, "the region shows no file");
    }
    pid_t pids[CHILDREN];
    for (int who = 0; who < CHILDREN; who++) {
        pids[who] = fork();
        if (pids[who] == 0) {
            close(notifier);
            obey(&children[who]);
        }
    }
    guest_region_attach(&region);
    if (!guest_region_can_map_file_for_all(&region) && file != region.fd) {
        guest_region_map_file(&region, 0, BYTES, &whole);
    }
    arguments();
    stores();
    calls();
    by_signal();
    for (int who = 0; who < CHILDREN; who++) {
        begin(who, END, 0, 0);
        guest_wait(pids[who]);
    }
    guest_region_detach(&region);
    guest_region_destroy(&region);
    return guest_rules_end();
}
