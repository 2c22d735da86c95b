/*
 * Touches 1,000 fresh pages, each by one instruction that reads, changes and writes (x86 incl, RISC-V amoadd.w): one
 * minor fault a page, not two.
 */
#include <stdio.h>

#include "guest.h"

static inline void increment(uint32_t *word) {
#if defined(__x86_64__)
    __asm__ volatile("incl %0" : "+m"(*word));
#else
    __asm__ volatile("amoadd.w zero, %1, (%0)" : : "r"(word), "r"(1) : "memory");
#endif
}

static long faults_of(unsigned char *pages, long count) {
    long before = guest_minor_faults();
    for (long page = 0; page < count; page++) {
        increment((uint32_t *) (pages + page * GUEST_PAGE_BYTES));
    }
    return guest_minor_faults() - before;
}

int main(int argc, char **argv) {
    long count = argc > 1 ? (long) guest_number("pages", argv[1], 1, 1 << 20) : 1000;
    unsigned char *warm = guest_fresh_memory(GUEST_PAGE_BYTES);
    unsigned char *pages = guest_fresh_memory((size_t) count * GUEST_PAGE_BYTES);
    faults_of(warm, 1);
    faults_of(warm, 1);
    guest_mark("fresh");
    long first = faults_of(pages, count);
    guest_mark("again");
    long again = faults_of(pages, count);
    guest_mark("end");
    printf("%ld pages: %ld minor faults, then %ld\n", count, first, again);
    return first != count || again != 0;
}
