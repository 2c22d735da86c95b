/*
 * Loads from random pages, for measuring speed: an inner loop of about ten instructions for each access.
 * memwalk PAGES ACCESSES       a random page for every access: many misses where the TLB is smaller
 * memwalk PAGES ACCESSES RUN   RUN accesses to a page before the next one: few misses
 */
#include <stdio.h>

#include "guest.h"

static uint64_t walk(const unsigned char *base, uint32_t pages, uint64_t accesses) {
    uint64_t state = 1;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < accesses; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        uint64_t page = ((state >> 32) * pages) >> 32;
        sum += *(const volatile uint64_t *) (base + page * GUEST_PAGE_BYTES);
    }
    return sum;
}

static uint64_t walk_in_runs(const unsigned char *base, uint32_t pages, uint64_t accesses, uint64_t run) {
    uint64_t state = 1;
    uint64_t sum = 0;
    for (uint64_t done = 0; done < accesses; done += run) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const unsigned char *page = base + (((state >> 32) * pages) >> 32) * GUEST_PAGE_BYTES;
        uint64_t offset = state;
        for (uint64_t i = 0; i < run; i++) {
            offset = offset * 5 + 8;
            sum += *(const volatile uint64_t *) (page + (offset & (GUEST_PAGE_BYTES - 8)));
        }
    }
    return sum;
}

int main(int argc, char **argv) {
    if (argc < 3 || argc > 4) {
        guest_refuse(2, "usage: memwalk PAGES ACCESSES [RUN]");
    }
    uint32_t pages = (uint32_t) guest_number("PAGES", argv[1], 1, 1u << 24);
    uint64_t accesses = guest_number("ACCESSES", argv[2], 1, 1ul << 40);
    uint64_t run = argc > 3 ? guest_number("RUN", argv[3], 1, 1ul << 32) : 1;
    guest_mark("setup");
    unsigned char *base = guest_fresh_memory(pages * GUEST_PAGE_BYTES);
    guest_mark("populate");
    for (uint32_t page = 0; page < pages; page++) {
        *(volatile uint64_t *) (base + page * GUEST_PAGE_BYTES) = guest_mix(page);
    }
    guest_mark("steady");
    uint64_t sum = run == 1 ? walk(base, pages, accesses) : walk_in_runs(base, pages, accesses, run);
    guest_mark("teardown");
    printf("checksum %016llx\n", (unsigned long long) sum);
    return 0;
}
