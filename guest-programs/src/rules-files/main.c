/*
 * What happens to the file behind a region reaches everyone who has the region attached, whoever's tables map it:
 * truncation, holes, unlinking. Two processes, each of which has touched every page before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define PAGES 8
#define HUGE_PAGE_BYTES (2ul << 20)

enum { LOAD = 1, STORE, END };

/* What the parent has the child do, and what came of it. */
struct order {
    uint32_t turn; /* 1: the child's */
    uint32_t what;
    uint64_t at; /* byte of the region */
    int value;   /* to store; afterwards the byte loaded, or minus the signal */
};

static struct guest_region region;
static struct order *order;
static int file;
static size_t page_bytes; /* of the file */
static sigjmp_buf escape;

static uint64_t page(unsigned number) {
    return number * page_bytes;
}

static void on_signal(int signal) {
    siglongjmp(escape, signal);
}

static void catch_faults(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGSEGV, &action, NULL);
}

/* Returns the byte at an offset, or minus the signal. */
static int load(uint64_t at) {
    int signal = sigsetjmp(escape, 1);
    return signal ? -signal : ((volatile unsigned char *) region.base)[at];
}

/* Stores a byte; returns 0, or minus the signal. */
static int store(uint64_t at, int value) {
    int signal = sigsetjmp(escape, 1);
    if (signal) {
        return -signal;
    }
    ((volatile unsigned char *) region.base)[at] = (unsigned char) value;
    return 0;
}

static void show_file(void) {
    struct guest_file_part whole = {file, 0, PROT_READ | PROT_WRITE};
    if (!guest_region_can_map_file_for_all(&region) && file != region.fd) {
        errno = guest_region_map_file(&region, 0, page(PAGES), &whole);
        if (errno) {
            guest_fail("map file");
        }
    }
}

static void obey(void) {
    guest_region_attach(&region);
    show_file();
    for (;;) {
        guest_await(&order->turn, 1);
        if (order->what == END) {
            _exit(0);
        }
        order->value = order->what == LOAD ? load(order->at) : store(order->at, order->value);
        __atomic_store_n(&order->turn, 0, __ATOMIC_RELEASE);
    }
}

static int ask(uint32_t what, uint64_t at, int value) {
    order->what = what;
    order->at = at;
    order->value = value;
    __atomic_store_n(&order->turn, 1, __ATOMIC_RELEASE);
    if (what != END) {
        guest_await(&order->turn, 0);
    }
    return order->value;
}

/* Has both processes touch every page; returns whether each byte is what the other stored. */
static int touch_all(void) {
    int good = 1;
    for (unsigned number = 0; number < PAGES; number++) {
        good &= !store(page(number), 10 + (int) number) && ask(LOAD, page(number), 0) == 10 + (int) number;
        good &= !ask(STORE, page(number) + 1, 20 + (int) number) && load(page(number) + 1) == 20 + (int) number;
    }
    return good;
}

/* Returns whether the file is made of huge pages, which can neither be cut nor written by calls. */
static int is_huge(void) {
    return page_bytes != GUEST_PAGE_BYTES;
}

static void truncation(void) {
    guest_rule("D", "both see each other's stores", touch_all());
    uint64_t cut = page(2) + 100;
    if (is_huge()) {
        guest_rule_errno("P", "ftruncate in the middle of a huge page: EINVAL", ftruncate(file, (off_t) cut) ? errno : 0, EINVAL);
        cut = page(3);
    }
    guest_rule_errno("D", "ftruncate behind the start of page 2", ftruncate(file, (off_t) cut) ? errno : 0, 0);
    guest_rule("D", "page 3 is gone: SIGBUS for who truncated", load(page(3)) == -SIGBUS);
    guest_rule("D", "and for the other, who had it mapped", ask(LOAD, page(3), 0) == -SIGBUS);
    guest_rule("D", "a store as well", ask(STORE, page(7), 1) == -SIGBUS && store(page(7), 1) == -SIGBUS);
    guest_rule("D", "what is left stays", load(page(1)) == 11 && ask(LOAD, page(2), 0) == 12);
    guest_rule("D", "enlarged again, the pages are zero for both",
               !ftruncate(file, page(PAGES)) && load(page(3)) == 0 && ask(LOAD, page(3) + 1, 0) == 0);
    int stored = store(page(5), 99);
    guest_rule("D", "and the same page for both", !stored && ask(LOAD, page(5), 0) == 99);
    if (is_huge()) {
        return;
    }
    int stored_late = store(page(2) + 200, 5);
    guest_rule("D", "bytes behind the old end were zeroed in the page that was kept",
               !stored_late && !ftruncate(file, (off_t) page(2) + 100) && !ftruncate(file, page(PAGES))
                   && ask(LOAD, page(2) + 200, 0) == 0);
}

static void holes(void) {
    guest_rule("D", "both have every page", touch_all());
    int result = fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t) page(4), (off_t) page(2));
    guest_rule_errno("D", "fallocate punches a hole", result ? errno : 0, 0);
    guest_rule("D", "zero for who punched it", load(page(4)) == 0 && load(page(5)) == 0);
    guest_rule("D", "and for the other, who had the pages mapped", ask(LOAD, page(4), 0) == 0 && ask(LOAD, page(5), 0) == 0);
    guest_rule("D", "its neighbours stay", load(page(3)) == 13 && ask(LOAD, page(6), 0) == 16);
    int stored = ask(STORE, page(4), 44);
    guest_rule("D", "a store into the hole is for both", !stored && load(page(4)) == 44);
    unsigned char byte = 0;
    if (is_huge()) {
        guest_rule_errno("P", "write(2) to a file of huge pages: EINVAL", pwrite(file, &byte, 1, 0) == 1 ? 0 : errno, EINVAL);
        return;
    }
    guest_rule("D", "read(2) sees it", pread(file, &byte, 1, (off_t) page(4)) == 1 && byte == 44);
    byte = 45;
    guest_rule("D", "both see what write(2) writes",
               pwrite(file, &byte, 1, (off_t) page(5)) == 1 && load(page(5)) == 45 && ask(LOAD, page(5), 0) == 45);
}

static void unlinking(int named) {
    guest_rule("D", "both have every page again", touch_all());
    if (named) {
        guest_rule_errno("D", "unlink while mapped", unlink("/tmp/rules-files") ? errno : 0, 0);
        close(file);
        int stored = store(page(1), 77);
        guest_rule("D", "the mappings keep the file", !stored && ask(LOAD, page(1), 0) == 77 && load(page(7)) == 17);
    } else {
        guest_rule_skipped("D", "unlink while mapped", "the region's file never had a name");
    }
}

int main(void) {
    catch_faults();
    int huge = !strncmp(guest_design_name(), "hugetlb", strlen("hugetlb"));
    page_bytes = huge ? HUGE_PAGE_BYTES : GUEST_PAGE_BYTES;
    guest_region_create(&region, "files", page(PAGES));
    order = guest_shared_memory(sizeof *order);
    /* Where the design shows no file of its own, one is mapped over the region. */
    int named = guest_region_can_map_file_for_all(&region) || region.fd < 0 || !strcmp(guest_design_name(), "private");
    if (named) {
        file = open("/tmp/rules-files", O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);
        if (file < 0 || ftruncate(file, page(PAGES))) {
            guest_fail("/tmp/rules-files");
        }
    } else {
        file = region.fd;
    }
    if (guest_region_can_map_file_for_all(&region)) {
        struct guest_file_part whole = {file, 0, PROT_READ | PROT_WRITE};
        guest_rule_errno("D", "a file is shown to all", guest_region_map_file_for_all(&region, 0, page(PAGES), &whole), 0);
    }
    pid_t pid = fork();
    if (pid == 0) {
        obey();
    }
    guest_region_attach(&region);
    show_file();
    truncation();
    holes();
    unlinking(named);
    ask(END, 0, 0);
    guest_wait(pid);
    guest_region_detach(&region);
    guest_region_destroy(&region);
    return guest_rules_end();
}
