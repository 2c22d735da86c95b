/*
 * Linux's sharing of page tables between hugetlb mappings. What is shared shows
 * in minor faults: who is linked to a table finds all that others have filled in it by one fault, the one that links;
 * who has a table of its own takes a fault for each page.
 *
 * Runs on a real kernel, too, where enough 2 MiB pages are reserved or may be.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define HUGE (2ul << 20)
#define BLOCK (1ul << 30)
#define PAGES 4
#define POOL_PAGES 12

/* What a child tells its parent. */
struct report {
    uint32_t step;
    long faults;
    long again;
    int errors;
};

static int fd;
static unsigned char *block;    /* the file, mapped in whole blocks, at a multiple of 1 GiB */
static struct report *report;

/* Returns `bytes` of unused address space that begin at a multiple of 1 GiB. */
static unsigned char *space_for(size_t bytes) {
    unsigned char *at = mmap(NULL, bytes + BLOCK, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) {
        guest_fail("address space");
    }
    munmap(at, bytes + BLOCK);
    return (unsigned char *) (((uintptr_t) at + BLOCK - 1) / BLOCK * BLOCK);
}

static unsigned char *map(unsigned char *at, size_t bytes, int prot, int flags, size_t offset) {
    void *mapped = mmap(at, bytes, prot, flags | MAP_NORESERVE | MAP_FIXED, fd, (off_t) offset);
    if (mapped != at) {
        guest_fail("mmap of the file");
    }
    return at;
}

static unsigned char *map_elsewhere(size_t bytes, int prot, int flags, size_t offset) {
    return map(space_for(bytes), bytes, prot, flags, offset);
}

/* Returns the faults that reading a byte of each of `pages` pages takes. */
static long faults_of(const unsigned char *first, int pages) {
    long before = guest_minor_faults();
    for (int page = 0; page < pages; page++) {
        (void) *(volatile const unsigned char *) (first + page * HUGE);
    }
    return guest_minor_faults() - before;
}

/* Runs `body` in a child, which has its own stack and data in place by then; returns the signal that ended it, or 0. */
static int in_child(void (*body)(void)) {
    memset(report, 0, sizeof *report);
    pid_t pid = fork();
    if (pid < 0) {
        guest_fail("fork");
    }
    if (!pid) {
        (void) faults_of(NULL, 0);
        body();
        _exit(0);
    }
    return guest_wait(pid) & 0x7f;
}

static void touch_inherited(void) {
    report->faults = faults_of(block, PAGES);
    report->again = faults_of(block, PAGES);
}

static void touch_short_mapping(void) {
    report->faults = faults_of(map_elsewhere(BLOCK - HUGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0), PAGES);
}

static void touch_private_mapping(void) {
    report->faults = faults_of(map_elsewhere(BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0), PAGES);
}

static void touch_at_other_address(void) {
    report->faults = faults_of(map_elsewhere(BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, 0), PAGES);
}

/* The first page of the file that is shown is the second one: another place in the table. */
static void touch_at_other_offset(void) {
    report->faults = faults_of(map_elsewhere(BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, HUGE), PAGES - 1);
}

static void touch_read_only(void) {
    report->faults = faults_of(map_elsewhere(BLOCK, PROT_READ, MAP_SHARED, 0), PAGES);
}

static void touch_with_other_flags(void) {
    unsigned char *at = map_elsewhere(BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    report->errors = madvise(at, BLOCK, MADV_DONTFORK);
    report->faults = faults_of(at, PAGES);
}

/* Twice in one process: the second mapping is linked to the table of the first. */
static void touch_twice(void) {
    (void) faults_of(block, PAGES);
    report->faults = faults_of(map_elsewhere(BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, 0), PAGES);
}

/* Linked, it waits until its parent has filled one page more. */
static void touch_what_comes_later(void) {
    report->faults = faults_of(block, PAGES);
    report->step = 1;
    guest_await(&report->step, 2);
    report->again = faults_of(block + PAGES * HUGE, 1);
}

static void protect_one_page(void) {
    (void) faults_of(block, PAGES);
    report->errors = mprotect(block, HUGE, PROT_READ);
    report->faults = faults_of(block, PAGES);
    report->again = faults_of(block, PAGES);
}

static void store_after_protect(void) {
    if (mprotect(block, HUGE, PROT_READ)) {
        _exit(1);
    }
    *(volatile unsigned char *) block = 99;
}

static void protect_block(void) {
    (void) faults_of(block, PAGES);
    report->errors = mprotect(block, BLOCK, PROT_READ);
    report->faults = faults_of(block, PAGES);
    report->errors |= mprotect(block, BLOCK, PROT_READ | PROT_WRITE);
    report->again = faults_of(block, PAGES);
}

static void unmap_last_page(void) {
    (void) faults_of(block, PAGES);
    report->errors = munmap(block + BLOCK - HUGE, HUGE);
    report->faults = faults_of(block, PAGES);
}

static void unmap_block(void) {
    (void) faults_of(block, PAGES);
    report->errors = munmap(block, BLOCK);
}

static void drop_one_page(void) {
    (void) faults_of(block, PAGES);
    report->errors = madvise(block, HUGE, MADV_DONTNEED);
    report->faults = faults_of(block, PAGES);
}

static void move_block(void) {
    (void) faults_of(block, PAGES);
    unsigned char *target = space_for(BLOCK);
    report->errors = mremap(block, BLOCK, BLOCK, MREMAP_MAYMOVE | MREMAP_FIXED, target) != (void *) target;
    report->faults = faults_of(target, PAGES);
}

static void cut_block(void) {
    (void) faults_of(block, PAGES);
    report->errors = madvise(block + BLOCK / 2, BLOCK / 2, MADV_DONTFORK);
    report->faults = faults_of(block, PAGES);
}

/* The file's first GiB and the next one: the second is cut off, the first stays linked. */
static void cut_between_blocks(void) {
    unsigned char *two = map_elsewhere(2 * BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    report->faults = faults_of(two, PAGES);
    report->errors = mprotect(two + BLOCK, BLOCK, PROT_READ);
    report->again = faults_of(two, PAGES);
}

/* Linked, it waits until its parent has punched a hole in place of the first page. */
static void outlive_hole(void) {
    (void) faults_of(block, PAGES);
    report->step = 1;
    guest_await(&report->step, 2);
    report->faults = faults_of(block + HUGE, PAGES - 1);
    report->errors = block[0] != 0;
}

static void store_through_link(void) {
    (void) faults_of(block, 1);
    block[1] = 42;
}

static void share(void) {
    guest_rule("P", "3 fork: entries are not copied, the child's first fault links",
               !in_child(touch_inherited) && report->faults == 1 && !report->again);
    guest_rule("P", "3 when: an area that does not cover the 1 GiB block is not shared",
               !in_child(touch_short_mapping) && report->faults == PAGES);
    guest_rule("P", "3 when: a private mapping is not shared",
               !in_child(touch_private_mapping) && report->faults == PAGES);
    guest_rule("P", "3 with whom: addresses may differ by multiples of 1 GiB",
               !in_child(touch_at_other_address) && report->faults == 1);
    guest_rule("P", "3 with whom: the same page of the file must lie at the same place in the table",
               !in_child(touch_at_other_offset) && report->faults == PAGES - 1);
    guest_rule("P", "3 with whom: other rights are not shared with",
               !in_child(touch_read_only) && report->faults == PAGES);
    guest_rule("P", "3 with whom: other flags (MADV_DONTFORK) are not shared with",
               !in_child(touch_with_other_flags) && !report->errors && report->faults == PAGES);
    guest_rule("P", "3 with whom: another mapping of the same process will do",
               !in_child(touch_twice) && report->faults == 1);
    guest_rule("P", "3 how: a store through a linked table is seen by all", !in_child(store_through_link) && block[1] == 42);
}

/* Runs `body` in a child that stops once: `meanwhile` is done by the parent then. */
static int with_child(void (*body)(void), void (*meanwhile)(void)) {
    memset(report, 0, sizeof *report);
    pid_t pid = fork();
    if (!pid) {
        (void) faults_of(NULL, 0);
        body();
        _exit(0);
    }
    guest_await(&report->step, 1);
    meanwhile();
    report->step = 2;
    return guest_wait(pid) & 0x7f;
}

static long parent_faults;
static int parent_errors;

static void fill_one_more(void) {
    parent_faults = faults_of(block + PAGES * HUGE, 1);
}

static void punch_first_page(void) {
    parent_errors = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, HUGE);
    parent_faults = faults_of(block + HUGE, PAGES - 1);
}

static void unshare(void) {
    guest_rule("P", "3 how: what one sharer fills the others find without a fault",
               !with_child(touch_what_comes_later, fill_one_more) && parent_faults == 1 && !report->again);
    guest_rule("P", "3 unshare: mprotect of one page unlinks the caller's block, which is faulted in again",
               !in_child(protect_one_page) && !report->errors && report->faults == PAGES && !report->again);
    guest_rule("P", "3 unshare: mprotect takes the right from the caller", in_child(store_after_protect) == SIGSEGV);
    block[0] = 7;
    guest_rule("P", "3 unshare: mprotect leaves the others their entries and rights",
               !faults_of(block, PAGES) && block[0] == 7);
    guest_rule("P", "3 unshare: mprotect of the whole block unlinks; the caller's own table stays afterwards",
               !in_child(protect_block) && !report->errors && report->faults == PAGES && !report->again);
    guest_rule("P", "3 unshare: munmap of a part unlinks the caller's block",
               !in_child(unmap_last_page) && !report->errors && report->faults == PAGES);
    guest_rule("P", "3 unshare: munmap leaves the others their entries",
               !in_child(unmap_block) && !report->errors && !faults_of(block, PAGES));
    guest_rule("D", "3 unshare: madvise(MADV_DONTNEED) of a page unlinks the block, the next fault links it again",
               !in_child(drop_one_page) && !report->errors && report->faults == 1);
    guest_rule("P", "3 unshare: mremap moves no shared entries, the new place is linked by a fault",
               !in_child(move_block) && !report->errors && report->faults == 1);
    guest_rule("P", "3 unshare: a cut inside a block unlinks it",
               !in_child(cut_block) && !report->errors && report->faults == PAGES);
    guest_rule("P", "3 unshare: a cut between blocks unlinks none",
               !in_child(cut_between_blocks) && !report->errors && report->faults == 1 && !report->again);
    block[0] = 9;
    guest_rule("D", "3 unshare: a punched hole unlinks all sharers but the last, whose table they link again",
               !with_child(outlive_hole, punch_first_page) && !parent_errors && parent_faults + report->faults == 1);
    guest_rule("P", "3 unshare: what a hole took is zero for every sharer", !report->errors && block[0] == 0);
}

int main(void) {
    if (!guest_huge_pages(POOL_PAGES)) {
        printf("1..0 # SKIP no %d pages of 2 MiB are to be had\n", POOL_PAGES);
        return 0;
    }
    report = guest_shared_memory(sizeof *report);
    fd = memfd_create("rules-hugetlb-pmd", MFD_CLOEXEC | MFD_HUGETLB);
    if (fd < 0 || ftruncate(fd, 2 * BLOCK)) {
        guest_fail("memfd of huge pages");
    }
    block = map_elsewhere(BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    guest_rule("P", "3 when: who is first in a block takes a fault for each page", faults_of(block, PAGES) == PAGES);
    share();
    unshare();
    return guest_rules_end();
}
