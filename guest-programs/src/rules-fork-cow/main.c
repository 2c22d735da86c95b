/*
 * What a process and its children see when fork shares their last-level page tables copy-on-write: "[PATCH v5 00/17]
 * Introduce Copy-On-Write to Page Table" (2023), numbers in the rules are its patches', and On-demand-fork (EuroSys
 * '21). Every rule is about two 2 MiB tables of anonymous memory, of which a few pages have been written.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define PR_SET_COW_PTE 65

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

#define TABLE_BYTES (512 * GUEST_PAGE_BYTES)
#define TABLES 2
#define STEP 64 /* every so many pages of a table are written, and no other */
#define WRITTEN (512 / STEP)

static unsigned char *memory; /* TABLES tables, aligned */
static unsigned char *results; /* seen by all */

static unsigned char *at(int table, int page) {
    return memory + (size_t) table * TABLE_BYTES + (size_t) page * GUEST_PAGE_BYTES;
}

static unsigned char value(int table, int page) {
    return (unsigned char) (1 + table * 100 + page / STEP);
}

/* Returns whether every page but those of [first, end) of a table has the value that fork found in it. */
static int holds_but(int table, int first, int end) {
    for (int page = 0; page < 512; page += STEP) {
        if ((page < first || page >= end) && *at(table, page) != value(table, page)) {
            return 0;
        }
    }
    return 1;
}

static int holds(int table) {
    return holds_but(table, 0, 0);
}

static int all_hold(void) {
    return holds(0) && holds(1);
}

/* Maps fresh memory and writes what each rule begins with. */
static void prepare(void) {
    if (memory) {
        munmap(memory, TABLES * TABLE_BYTES);
    }
    size_t bytes = (TABLES + 1) * TABLE_BYTES;
    unsigned char *any = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (any == MAP_FAILED) {
        guest_fail("mmap");
    }
    memory = (unsigned char *) (((uintptr_t) any + TABLE_BYTES - 1) & -TABLE_BYTES);
    if (memory != any) {
        munmap(any, (size_t) (memory - any));
    }
    munmap(memory + TABLES * TABLE_BYTES, (size_t) (any + bytes - memory) - TABLES * TABLE_BYTES);
    madvise(memory, TABLES * TABLE_BYTES, MADV_NOHUGEPAGE);
    for (int table = 0; table < TABLES; table++) {
        for (int page = 0; page < 512; page += STEP) {
            *at(table, page) = value(table, page);
        }
    }
}

/* Runs a check in a child; returns whether it held there and the child ended by itself. */
static int in_child(int (*check)(void)) {
    pid_t pid = fork();
    if (!pid) {
        _exit(check() ? 0 : 1);
    }
    return guest_wait(pid) == 0;
}

/* Returns the signal that ends a child which loads from, or stores to, an address; 0 if none does. */
static int signal_of(volatile unsigned char *address, int store) {
    pid_t pid = fork();
    if (!pid) {
        if (store) {
            *address = 99;
        } else {
            results[0] = *address;
        }
        _exit(0);
    }
    return guest_wait(pid) & 0x7f;
}

static int store_everywhere(void) {
    int held = all_hold();
    for (int table = 0; table < TABLES; table++) {
        for (int page = 0; page < 512; page += STEP) {
            *at(table, page) = 200;
        }
    }
    return held && *at(0, 0) == 200 && *at(1, 512 - STEP) == 200;
}

/* The parent stores between the child's looks. */
static int look_before_and_after(void) {
    int held = all_hold();
    results[1] = 1;
    while (((volatile unsigned char *) results)[2] != 1) {
        sleep(0);
    }
    return held && all_hold();
}

static int parent_stores_unseen(void) {
    results[1] = results[2] = 0;
    pid_t pid = fork();
    if (!pid) {
        _exit(look_before_and_after() ? 0 : 1);
    }
    while (((volatile unsigned char *) results)[1] != 1) {
        sleep(0);
    }
    *at(0, 0) = 77;
    *at(1, STEP) = 78;
    results[2] = 1;
    int held = guest_wait(pid) == 0 && *at(0, 0) == 77 && *at(1, STEP) == 78;
    return held && holds_but(0, 0, 1) && holds_but(1, STEP, STEP + 1);
}

static int one_fault_copies_table_and_page(void) {
    *at(1, 0) = 3;
    long before = guest_minor_faults();
    *at(0, 0) = 3;
    return guest_minor_faults() - before == 1;
}

static int next_store_is_one_fault_too(void) {
    *at(0, 0) = 3;
    long before = guest_minor_faults();
    *at(0, STEP) = 3;
    return guest_minor_faults() - before == 1 && holds_but(0, 0, STEP + 1) && holds(1);
}

static int reads_need_no_fault(void) {
    long before = guest_minor_faults();
    int held = all_hold();
    long faults = guest_minor_faults() - before;
    /* Where hardware sets no accessed bit, a fault for each page does; code may be faulted in. */
    return held && faults <= TABLES * WRITTEN + 4;
}

static int untouched_reads_zero_and_parent_unaware(void) {
    int zero = *at(0, 1) == 0;
    *at(0, 2) = 5;
    return zero && *at(0, 1) == 0 && all_hold();
}

static int protect_part(void) {
    return !mprotect(at(0, 0), GUEST_PAGE_BYTES, PROT_READ) && all_hold() && signal_of(at(0, 0), 1) == SIGSEGV
           && !signal_of(at(0, STEP), 1);
}

static int protect_none(void) {
    return !mprotect(memory, TABLES * TABLE_BYTES, PROT_NONE) && signal_of(at(1, 0), 0) == SIGSEGV
           && !mprotect(memory, TABLES * TABLE_BYTES, PROT_READ) && all_hold();
}

static int unmap_part(void) {
    return !munmap(at(0, STEP), GUEST_PAGE_BYTES) && holds_but(0, STEP, STEP + 1) && holds(1)
           && signal_of(at(0, STEP), 0) == SIGSEGV;
}

static int unmap_table(void) {
    return !munmap(at(0, 0), TABLE_BYTES) && holds(1) && signal_of(at(0, 0), 0) == SIGSEGV;
}

static int unmap_over_the_border(void) {
    return !munmap(at(0, 256), TABLE_BYTES) && holds_but(0, 256, 512) && holds_but(1, 0, 256)
           && signal_of(at(0, 256), 0) == SIGSEGV && signal_of(at(1, 0), 0) == SIGSEGV;
}

static int drop_page(void) {
    return !madvise(at(0, STEP), GUEST_PAGE_BYTES, MADV_DONTNEED) && *at(0, STEP) == 0
           && holds_but(0, STEP, STEP + 1) && holds(1);
}

static int drop_table(void) {
    return !madvise(at(0, 0), TABLE_BYTES, MADV_DONTNEED) && *at(0, 0) == 0 && *at(0, STEP) == 0 && holds(1);
}

static int move_away(void) {
    unsigned char *moved = mremap(at(0, 0), TABLE_BYTES, TABLE_BYTES, MREMAP_MAYMOVE | MREMAP_FIXED,
                                  memory + 8 * TABLE_BYTES);
    if (moved == MAP_FAILED) {
        return 0;
    }
    int held = moved[0] == value(0, 0) && moved[STEP * GUEST_PAGE_BYTES] == value(0, STEP);
    moved[0] = 9;
    return held && holds(1) && signal_of(at(0, 0), 0) == SIGSEGV;
}

static int move_in(void) {
    unsigned char *source = guest_fresh_memory(GUEST_PAGE_BYTES);
    source[0] = 42;
    unsigned char *moved = mremap(source, GUEST_PAGE_BYTES, GUEST_PAGE_BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, at(0, 3));
    return moved == at(0, 3) && *at(0, 3) == 42 && all_hold();
}

static int map_in_hole(void) {
    unsigned char *hole = mmap(at(1, 5), GUEST_PAGE_BYTES, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (hole == MAP_FAILED || *hole != 0) {
        return 0;
    }
    *hole = 6;
    return holds(0) && holds(1);
}

static int read_into(void) {
    int ends[2];
    if (pipe(ends) || write(ends[1], "x", 1) != 1) {
        return 0;
    }
    return read(ends[0], at(0, 0), 1) == 1 && *at(0, 0) == 'x' && holds_but(0, 0, 1);
}

static int wiped_reads_zero(void) {
    return *at(0, 256) == 0 && *at(0, 256 + STEP) == 0 && holds_but(0, 256, 512) && holds(1);
}

static int kept_back_is_gone(void) {
    return holds_but(0, 256, 512) && holds(1) && signal_of(at(0, 256), 0) == SIGSEGV;
}

static int store_to_shared_area(void) {
    *at(1, 8) = 60;
    *at(0, 0) = 61;
    return all_hold() == 0 && *at(1, 8) == 60;
}

static int grandchildren(void) {
    *at(0, 0) = 50;
    return in_child(store_everywhere) == 0 && *at(0, 0) == 50 && holds_but(0, 0, 1) && in_child(unmap_table)
           && holds(1);
}

static int exits_at_once(void) {
    return 1;
}

/* The prctl of patch 2, where processes are to ask. Returns whether they are. */
static void ask(void) {
    int asked = prctl(PR_SET_COW_PTE, 0, 0, 0, 0) ? errno : 0;
    const char *again = "v5 02: prctl(PR_SET_COW_PTE) once more before fork: success";
    const char *later = "v5 02: prctl(PR_SET_COW_PTE) after a fork that shared: EINVAL";
    const char *inherited = "v5 02: a child has begun as its parent has: EINVAL";
    if (asked) {
        guest_rule_skipped("P", again, "every process shares here");
        guest_rule_skipped("P", later, "every process shares here");
        guest_rule_skipped("P", inherited, "every process shares here");
        return;
    }
    guest_rule_errno("P", again, prctl(PR_SET_COW_PTE, 0, 0, 0, 0) ? errno : 0, 0);
    in_child(exits_at_once);
    guest_rule_errno("P", later, prctl(PR_SET_COW_PTE, 0, 0, 0, 0) ? errno : 0, EINVAL);
    pid_t pid = fork();
    if (!pid) {
        _exit(prctl(PR_SET_COW_PTE, 0, 0, 0, 0) ? errno : 0);
    }
    guest_rule_errno("P", inherited, WEXITSTATUS(guest_wait(pid)), EINVAL);
}

static void check(const char *tag, const char *rule, int (*by_child)(void)) {
    prepare();
    guest_rule(tag, rule, in_child(by_child) && all_hold());
}

static void check_areas(void) {
    prepare();
    madvise(at(0, 256), 256 * GUEST_PAGE_BYTES, MADV_DONTFORK);
    guest_rule("P", "v5 03: an area of MADV_DONTFORK has its table copied: the child has the rest of it",
               in_child(kept_back_is_gone) && all_hold());
    prepare();
    madvise(at(0, 256), 256 * GUEST_PAGE_BYTES, MADV_WIPEONFORK);
    guest_rule("O", "v5 03 would share it: what MADV_WIPEONFORK keeps back is zero in the child",
               in_child(wiped_reads_zero) && all_hold());
    prepare();
    int fd = memfd_create("rules-fork-cow", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, GUEST_PAGE_BYTES)
        || mmap(at(1, 8), GUEST_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
        guest_fail("shared area");
    }
    *at(1, 8) = 59;
    guest_rule("D", "v5 03: a shared area in a table that fork shares stays shared: a child's store is seen",
               in_child(store_to_shared_area) && *at(1, 8) == 60 && all_hold());
    *at(1, 8) = 62;
    guest_rule("D", "v5 04: and the parent's own store, its table its own again", *at(1, 8) == 62 && all_hold());
}

int main(void) {
    results = guest_shared_memory(GUEST_PAGE_BYTES);
    ask();
    check("P", "v5 04: a child's stores are its own", store_everywhere);
    prepare();
    guest_rule("P", "v5 04: a parent's stores are its own", parent_stores_unseen());
    check("P", "v5 04: a store to a shared table is one fault, for table and page", one_fault_copies_table_and_page);
    check("P", "v5 04: the next store to the copied table copies its page alone", next_store_is_one_fault_too);
    check("P", "v5 03: what fork shares is there to be read", reads_need_no_fault);
    check("O", "v5 04 would map the zero page for all: untouched memory is zero, and each process's own",
          untouched_reads_zero_and_parent_unaware);
    guest_rule("O", "v5 04 would map the zero page for all: the parent finds nothing of it", *at(0, 1) == 0 && *at(0, 2) == 0);
    check("P", "v5 11: mprotect of a part is the child's alone", protect_part);
    check("P", "v5 11: mprotect of all is the child's alone", protect_none);
    check("P", "v5 05: munmap of a part copies the table and takes the part from the child", unmap_part);
    check("P", "v5 05: munmap of a whole table takes it from the child", unmap_table);
    check("P", "v5 05: munmap across two tables takes halves of both from the child", unmap_over_the_border);
    check("O", "v5 05 would drop the whole table: MADV_DONTNEED of a page drops that page", drop_page);
    check("P", "v5 05: MADV_DONTNEED of a whole table drops it for the child", drop_table);
    check("P", "v5 04: mremap moves the child's entries and nobody else's", move_away);
    check("O", "v5 04 would move it in for all: what mremap moves into a shared table is the child's", move_in);
    check("D", "v5 04: an area mapped over a part of a shared table is the child's", map_in_hole);
    check("P", "v5 10: what the kernel writes for a child is the child's", read_into);
    check_areas();
    check("P", "v5 03: three generations share a table, and each is alone with its stores", grandchildren);
    return guest_rules_end();
}
