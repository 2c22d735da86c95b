/*
 * userfaultfd(2): a child resolves the faults of its parent, as a migration daemon does; every rule is Linux's own, so
 * the program tells the same on a real kernel that permits the call. Under msharefs a window is refused.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/userfaultfd.h>

#include "guest.h"

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

#define PAGES 4
#define BYTES (PAGES * GUEST_PAGE_BYTES)

/* What the handler saw and is to do. */
struct board {
    uint32_t events;
    uint32_t wrong_flags;
    uint64_t expected_flags;
    uint32_t answer; /* COPY, ZERO, ... */
    uint32_t stop;
};

enum { COPY, ZERO, PROCEED, ALLOW };

static volatile struct board *board;
static int uffd;

static int request(unsigned long number, void *argument) {
    return ioctl(uffd, number, argument) ? errno : 0;
}

static int reg(void *at, size_t bytes, unsigned long mode) {
    struct uffdio_register argument = {.range = {(uintptr_t) at, bytes}, .mode = mode};
    return request(UFFDIO_REGISTER, &argument);
}

static int protect(void *at, size_t bytes, unsigned long mode) {
    struct uffdio_writeprotect argument = {.range = {(uintptr_t) at, bytes}, .mode = mode};
    return request(UFFDIO_WRITEPROTECT, &argument);
}

static int copy(void *at, const void *from, unsigned long mode) {
    struct uffdio_copy argument = {.dst = (uintptr_t) at, .src = (uintptr_t) from, .len = GUEST_PAGE_BYTES, .mode = mode};
    return request(UFFDIO_COPY, &argument);
}

static int zero(void *at) {
    struct uffdio_zeropage argument = {.range = {(uintptr_t) at, GUEST_PAGE_BYTES}};
    return request(UFFDIO_ZEROPAGE, &argument);
}

static int proceed(void *at) {
    struct uffdio_continue argument = {.range = {(uintptr_t) at, GUEST_PAGE_BYTES}};
    return request(UFFDIO_CONTINUE, &argument);
}

/* Resolves faults of the parent until it says stop. A page is copied with its number, from 1, in every byte. */
static void handle(void) {
    static unsigned char page[GUEST_PAGE_BYTES];
    while (!__atomic_load_n(&board->stop, __ATOMIC_ACQUIRE)) {
        struct pollfd ready = {uffd, POLLIN, 0};
        if (poll(&ready, 1, 1) != 1) {
            continue;
        }
        struct uffd_msg message;
        if (read(uffd, &message, sizeof message) != sizeof message) {
            continue;
        }
        board->wrong_flags += message.event != UFFD_EVENT_PAGEFAULT || message.arg.pagefault.flags != board->expected_flags;
        __atomic_add_fetch(&board->events, 1, __ATOMIC_RELEASE);
        void *at = (void *) (message.arg.pagefault.address & -GUEST_PAGE_BYTES);
        switch (board->answer) {
        case COPY:
            memset(page, (int) (1 + ((uintptr_t) at / GUEST_PAGE_BYTES & (PAGES - 1))), sizeof page);
            copy(at, page, 0);
            break;
        case ZERO:
            zero(at);
            break;
        case PROCEED:
            proceed(at);
            break;
        default:
            protect(at, GUEST_PAGE_BYTES, 0);
        }
    }
    _exit(0);
}

static void expect(uint32_t answer, uint64_t flags) {
    board->answer = answer;
    board->expected_flags = flags;
    board->events = 0;
}

static unsigned char number(const volatile unsigned char *at) {
    return (unsigned char) (1 + ((uintptr_t) at / GUEST_PAGE_BYTES & (PAGES - 1)));
}

static void setting_up(unsigned char *memory) {
    struct uffdio_api api = {.api = UFFD_API};
    guest_rule_errno("P", "before UFFDIO_API: EINVAL", reg(memory, BYTES, UFFDIO_REGISTER_MODE_MISSING), EINVAL);
    api.api = 1;
    guest_rule_errno("P", "UFFDIO_API of another version: EINVAL", request(UFFDIO_API, &api), EINVAL);
    api = (struct uffdio_api){.api = UFFD_API};
    guest_rule_errno("P", "UFFDIO_API", request(UFFDIO_API, &api), 0);
    guest_rule("P", "it names the requests there are", (api.ioctls & 3) == 3 && (api.ioctls >> 63) == 1);
    guest_rule_errno("P", "register: no mode: EINVAL", reg(memory, BYTES, 0), EINVAL);
    guest_rule_errno("P", "register: an odd address: EINVAL", reg(memory + 1, BYTES, UFFDIO_REGISTER_MODE_MISSING), EINVAL);
    guest_rule_errno("P", "register: no bytes: EINVAL", reg(memory, 0, UFFDIO_REGISTER_MODE_MISSING), EINVAL);
    guest_rule_errno("P", "register: minor faults of private memory: EINVAL",
                     reg(memory, BYTES, UFFDIO_REGISTER_MODE_MINOR), EINVAL);
    struct uffd_msg message;
    guest_rule("P", "no fault: a nonblocking read(2): EAGAIN",
               read(uffd, &message, sizeof message) == -1 && errno == EAGAIN);
}

static void missing(unsigned char *memory) {
    guest_rule_errno("P", "register private memory for missing pages", reg(memory, BYTES, UFFDIO_REGISTER_MODE_MISSING), 0);
    volatile unsigned char *at = memory;
    expect(COPY, 0);
    guest_rule("P", "a load waits until UFFDIO_COPY gives the page", at[5] == number(at) && board->events == 1);
    expect(COPY, UFFD_PAGEFAULT_FLAG_WRITE);
    at[GUEST_PAGE_BYTES] = 77;
    guest_rule("P", "a store likewise, and says so",
               at[GUEST_PAGE_BYTES] == 77 && at[GUEST_PAGE_BYTES + 1] == number(at + GUEST_PAGE_BYTES)
                   && board->events == 1 && !board->wrong_flags);
    expect(ZERO, 0);
    guest_rule("P", "UFFDIO_ZEROPAGE gives zeros", at[2 * GUEST_PAGE_BYTES] == 0 && board->events == 1);
    guest_rule_errno("P", "UFFDIO_COPY to a page that is there: EEXIST", copy(memory, memory + GUEST_PAGE_BYTES, 0), EEXIST);
    madvise(memory, GUEST_PAGE_BYTES, MADV_DONTNEED);
    expect(COPY, 0);
    guest_rule("P", "a page that was dropped is missing again", at[9] == number(at) && board->events == 1);
    struct uffdio_range range = {(uintptr_t) memory, BYTES};
    guest_rule_errno("P", "unregister", request(UFFDIO_UNREGISTER, &range), 0);
    expect(COPY, 0);
    guest_rule("P", "then the kernel resolves faults itself", at[3 * GUEST_PAGE_BYTES] == 0 && board->events == 0);
    guest_rule_errno("P", "UFFDIO_COPY outside what is registered: ENOENT",
                     copy(memory, memory + GUEST_PAGE_BYTES, 0), ENOENT);
}

static void write_protection(unsigned char *memory) {
    volatile unsigned char *at = memory;
    for (int page = 0; page < PAGES; page++) {
        at[page * GUEST_PAGE_BYTES] = 10;
    }
    guest_rule_errno("P", "register for writes to protected pages", reg(memory, BYTES, UFFDIO_REGISTER_MODE_WP), 0);
    guest_rule_errno("P", "UFFDIO_WRITEPROTECT of two pages",
                     protect(memory, 2 * GUEST_PAGE_BYTES, UFFDIO_WRITEPROTECT_MODE_WP), 0);
    expect(ALLOW, UFFD_PAGEFAULT_FLAG_WRITE | UFFD_PAGEFAULT_FLAG_WP);
    board->wrong_flags = 0;
    guest_rule("P", "loads go on", at[0] == 10 && board->events == 0);
    at[1] = 11;
    guest_rule("P", "a store waits until the page is unprotected",
               at[1] == 11 && at[0] == 10 && board->events == 1 && !board->wrong_flags);
    at[2] = 12;
    at[2 * GUEST_PAGE_BYTES] = 12;
    guest_rule("P", "then stores go on, and elsewhere always did", board->events == 1);
    pid_t pid = fork();
    if (pid == 0) {
        at[GUEST_PAGE_BYTES] = 99;
        _exit(at[GUEST_PAGE_BYTES] == 99 ? 0 : 1);
    }
    guest_rule("P", "fork: the child's copy is not protected", guest_wait(pid) == 0 && board->events == 1);
    mprotect(memory, BYTES, PROT_READ);
    mprotect(memory, BYTES, PROT_READ | PROT_WRITE);
    at[GUEST_PAGE_BYTES] = 13;
    guest_rule("P", "mprotect(2) does not end it", at[GUEST_PAGE_BYTES] == 13 && board->events == 2);
    struct uffdio_range range = {(uintptr_t) memory, BYTES};
    request(UFFDIO_UNREGISTER, &range);
    guest_rule_errno("P", "UFFDIO_WRITEPROTECT of what is not registered: ENOENT",
                     protect(memory, GUEST_PAGE_BYTES, UFFDIO_WRITEPROTECT_MODE_WP), ENOENT);
}

static void shared_memory(void) {
    int fd = memfd_create("userfault", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, BYTES)) {
        guest_fail("memfd");
    }
    unsigned char *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    unsigned char *other = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    volatile unsigned char *at = memory;
    guest_rule_errno("P", "register a file in memory for missing and minor faults",
                     reg(memory, BYTES, UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_MINOR), 0);
    expect(COPY, 0);
    board->wrong_flags = 0;
    guest_rule("P", "a page that the file lacks is missing", at[3] == number(at) && board->events == 1);
    guest_rule("P", "UFFDIO_COPY puts it into the file", other[4] == number(at));
    other[GUEST_PAGE_BYTES] = 55;
    expect(PROCEED, UFFD_PAGEFAULT_FLAG_MINOR);
    guest_rule("P", "a page that it has but this mapping lacks is a minor fault",
               at[GUEST_PAGE_BYTES] == 55 && board->events == 1 && !board->wrong_flags);
    const char *lacking = "UFFDIO_CONTINUE of a page that the file lacks: EFAULT";
    if (!strcmp(guest_design_name(), "thp")) {
        guest_rule_skipped("P", lacking, "the file has a huge page, and so lacks none");
    } else {
        guest_rule_errno("P", lacking, proceed(memory + 2 * GUEST_PAGE_BYTES), EFAULT);
    }
    guest_rule_errno("P", "UFFDIO_CONTINUE of a page that is mapped: EEXIST", proceed(memory), EEXIST);
    munmap(memory, BYTES);
    munmap(other, BYTES);
    close(fd);
}

static void window(void) {
    struct guest_region region;
    guest_region_create(&region, "userfault", BYTES);
    guest_region_attach(&region);
    guest_rule_errno("D", "1.8: userfaultfd registration of a window: EINVAL",
                     reg(region.base, BYTES, UFFDIO_REGISTER_MODE_MISSING), EINVAL);
    guest_region_detach(&region);
    guest_region_destroy(&region);
}

int main(void) {
    uffd = (int) syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
    if (uffd < 0) {
        guest_rule_skipped("P", "userfaultfd(2)", "the kernel does not permit it");
        return guest_rules_end();
    }
    board = guest_shared_memory(sizeof *board);
    unsigned char *memory = guest_fresh_memory(2 * BYTES);
    memory = (unsigned char *) (((uintptr_t) memory + BYTES - 1) & -(uintptr_t) BYTES);
    setting_up(memory);
    pid_t pid = fork();
    if (pid == 0) {
        handle();
    }
    missing(memory);
    write_protection(memory);
    shared_memory();
    if (!strcmp(guest_design_name(), "msharefs")) {
        window();
    }
    __atomic_store_n(&board->stop, 1, __ATOMIC_RELEASE);
    guest_wait(pid);
    return guest_rules_end();
}
