/*
 * Reclaim under any design: which pages MADV_PAGEOUT and the call that reclaims whoever maps a page take, and how they
 * come back. "private" and the designs that share tables of ordinary areas differ in what is mapped once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"
#include "guest.h"

#ifndef MADV_COLD
#define MADV_COLD 20
#define MADV_PAGEOUT 21
#endif

#define PAGES 8
#define BYTES (PAGES * GUEST_PAGE_BYTES)

static long major_faults(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_majflt;
}

/* Returns how many of the pages at `memory` need no fetching. */
static int resident(unsigned char *memory) {
    unsigned char pages[PAGES];
    if (mincore(memory, BYTES, pages)) {
        guest_fail("mincore");
    }
    int count = 0;
    for (int page = 0; page < PAGES; page++) {
        count += pages[page] & 1;
    }
    return count;
}

/* Returns the bytes of swap in use, in KiB. */
static long swap_used(void) {
    static char text[1024];
    FILE *file = fopen("/proc/meminfo", "r");
    long total = 0, left = 0;
    while (file && fgets(text, sizeof text, file)) {
        sscanf(text, "SwapTotal: %ld", &total);
        sscanf(text, "SwapFree: %ld", &left);
    }
    if (file) {
        fclose(file);
    }
    return total - left;
}

static void fill(unsigned char *memory, int value) {
    for (size_t page = 0; page < PAGES; page++) {
        memory[page * GUEST_PAGE_BYTES] = (unsigned char) (value + (int) page);
    }
}

static int holds(const unsigned char *memory, int value) {
    for (size_t page = 0; page < PAGES; page++) {
        if (memory[page * GUEST_PAGE_BYTES] != (unsigned char) (value + (int) page)) {
            return 0;
        }
    }
    return 1;
}

static int page_out(unsigned char *memory) {
    return madvise(memory, BYTES, MADV_PAGEOUT) ? errno : 0;
}

static int reclaim(unsigned char *memory) {
    return syscall(GUEST_SYS_RECLAIM, memory, BYTES) ? errno : 0;
}

/* A rule of pages that leave RAM one by one, which the parts of a huge page do not. */
static void rule_of_small_pages(const char *tag, const char *rule, int holds) {
    if (!strcmp(guest_design_name(), "thp")) {
        guest_rule_skipped(tag, rule, "the file has a huge page, which reclaim passes over");
    } else {
        guest_rule(tag, rule, holds);
    }
}

static void private_pages(void) {
    unsigned char *memory = guest_fresh_memory(BYTES);
    fill(memory, 1);
    long used = swap_used();
    guest_rule_errno("D", "MADV_PAGEOUT of private pages: 0", page_out(memory), 0);
    guest_rule("D", "they leave RAM", resident(memory) == 0);
    guest_rule("D", "each takes a slot", swap_used() - used == PAGES * 4);
    long before = major_faults();
    guest_rule("D", "they come back as they were", holds(memory, 1));
    guest_rule("D", "each by a major fault", major_faults() - before == PAGES);
    guest_rule("D", "and the slots are free", swap_used() == used);
    page_out(memory);
    pid_t pid = fork();
    if (pid == 0) {
        long child_before = major_faults();
        int good = holds(memory, 1) && major_faults() - child_before == PAGES;
        fill(memory, 50);
        _exit(good && holds(memory, 50) ? 0 : 1);
    }
    guest_rule("D", "fork: the child finds what lies in swap, and its copy is its own", guest_wait(pid) == 0);
    guest_rule("D", "fork: the parent's stays in swap, untouched", resident(memory) == 0 && holds(memory, 1));
    guest_rule("D", "the last reference frees the slot", swap_used() == used);
    page_out(memory);
    madvise(memory, BYTES, MADV_DONTNEED);
    guest_rule("D", "MADV_DONTNEED frees the slots", swap_used() == used && memory[0] == 0);
    fill(memory, 3);
    page_out(memory);
    munmap(memory, BYTES);
    guest_rule("D", "munmap frees the slots", swap_used() == used);
}

static void inherited_pages(void) {
    unsigned char *memory = guest_fresh_memory(BYTES);
    uint32_t *step = guest_shared_memory(sizeof *step);
    long used = swap_used();
    fill(memory, 7);
    pid_t pid = fork();
    if (pid == 0) {
        guest_await(step, 1);
        int good = resident(memory) == 0 && holds(memory, 7);
        memory[0] = 99;
        _exit(good ? 0 : 1);
    }
    if (!strcmp(guest_design_name(), "fork-cow")) {
        guest_rule_skipped("D", "MADV_PAGEOUT passes over pages that two entries map", "fork-cow: one entry maps them");
    } else {
        page_out(memory);
        guest_rule("D", "MADV_PAGEOUT passes over pages that two entries map", resident(memory) == PAGES);
    }
    guest_rule_errno("O", "reclaim takes them from parent and child", reclaim(memory), 0);
    guest_rule("O", "they are out of the parent", resident(memory) == 0);
    __atomic_store_n(step, 1, __ATOMIC_SEQ_CST);
    guest_rule("O", "they are out of the child, and the same", guest_wait(pid) == 0);
    guest_rule("O", "a child's store after that is not the parent's", holds(memory, 7));
    guest_rule("O", "no slot is left", swap_used() == used);
    munmap(memory, BYTES);
}

static void shared_pages(void) {
    int fd = memfd_create("rules-reclaim", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, BYTES)) {
        guest_fail("memfd");
    }
    unsigned char *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    unsigned char *again = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED || again == MAP_FAILED) {
        guest_fail("mmap");
    }
    long used = swap_used();
    fill(memory, 11);
    guest_rule_errno("D", "MADV_PAGEOUT of a file in memory: 0", page_out(memory), 0);
    rule_of_small_pages("D", "pages that one entry maps leave RAM, for every mapping", resident(again) == 0);
    guest_rule("D", "another mapping brings them back", holds(again, 11));
    page_out(memory);
    rule_of_small_pages("D", "MADV_PAGEOUT takes what the other mapping alone has",
                        page_out(again) == 0 && resident(memory) == 0);
    guest_rule("D", "they come back", holds(memory, 11) && holds(again, 11));
    page_out(memory);
    guest_rule("D", "MADV_PAGEOUT passes over what both map", resident(memory) == PAGES);
    guest_rule_errno("O", "reclaim takes what both map", reclaim(memory), 0);
    rule_of_small_pages("O", "they leave RAM", resident(memory) == 0 && swap_used() - used == PAGES * 4);
    long before = major_faults();
    guest_rule("O", "and come back", holds(memory, 11) && holds(again, 11));
    rule_of_small_pages("O", "by one major fault each: the other mapping finds them in the page cache",
                        major_faults() - before == PAGES);
    reclaim(memory);
    ftruncate(fd, GUEST_PAGE_BYTES);
    rule_of_small_pages("D", "truncation frees the slots of what it cuts off", swap_used() - used == 4);
    close(fd);
    munmap(memory, BYTES);
    munmap(again, BYTES);
    guest_rule("D", "the last mapping of a file without a name frees the rest", swap_used() == used);
}

static void region_pages(void) {
    struct guest_region region;
    guest_region_create(&region, "reclaim", BYTES);
    uint32_t *step = guest_shared_memory(2 * sizeof *step);
    pid_t pid = fork();
    if (pid == 0) {
        guest_region_attach(&region);
        fill(region.base, 21);
        __atomic_store_n(step, 1, __ATOMIC_SEQ_CST);
        guest_await(step, 2);
        _exit(holds(region.base, 21) ? 0 : 1);
    }
    guest_region_attach(&region);
    guest_await(step, 1);
    int seen = holds(region.base, 21);
    long used = swap_used();
    int reclaimed = seen ? reclaim(region.base) : ERANGE;
    if (region.page_bytes == GUEST_PAGE_BYTES) {
        guest_rule_errno("O", "reclaim of a region two processes use", reclaimed, 0);
        rule_of_small_pages("O", "its pages go to swap once", swap_used() - used == PAGES * 4);
    } else {
        guest_rule_errno("O", "reclaim of huge pages from the pool: EINVAL", reclaimed, EINVAL);
        guest_rule("O", "they stay in RAM", swap_used() == used);
    }
    guest_rule("O", "they are read back", holds(region.base, 21) && swap_used() == used);
    int result = page_out(region.base);
    if (!strcmp(guest_design_name(), "msharefs")) {
        guest_rule_errno("P", "1.8: madvise(MADV_PAGEOUT) on a window walks the linked tables", result, 0);
        guest_rule("P", "1.8: and takes their pages, which one entry maps for all", swap_used() - used == PAGES * 4);
    }
    __atomic_store_n(step, 2, __ATOMIC_SEQ_CST);
    guest_rule("O", "the other process finds every page", guest_wait(pid) == 0);
    guest_region_detach(&region);
    guest_region_destroy(&region);
    guest_rule("O", "the region's end leaves no slot", swap_used() == used);
}

int main(void) {
    private_pages();
    inherited_pages();
    shared_pages();
    region_pages();
    return guest_rules_end();
}
