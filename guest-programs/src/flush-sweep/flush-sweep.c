/*
 * Loads from each page of one area in turn, and changes another area after every round: what the flushes for the
 * second cost the first.
 * flush-sweep PAGES ROUNDS [mprotect|madvise|munmap|none] [CHANGED]
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "guest.h"

static void touch(unsigned char *area, uint32_t pages) {
    for (uint32_t page = 0; page < pages; page++) {
        *(volatile uint64_t *) (area + page * GUEST_PAGE_BYTES) = guest_mix(page);
    }
}

static void change(unsigned char *area, uint32_t pages, const char *how, uint64_t round) {
    size_t size_bytes = pages * GUEST_PAGE_BYTES;
    int result = 0;
    if (strcmp(how, "mprotect") == 0) {
        result = mprotect(area, size_bytes, round % 2 == 0 ? PROT_READ : PROT_READ | PROT_WRITE);
    } else if (strcmp(how, "madvise") == 0) {
        touch(area, pages);
        result = madvise(area, size_bytes, MADV_DONTNEED);
    } else if (strcmp(how, "munmap") == 0) {
        unsigned char *fresh = guest_fresh_memory(size_bytes);
        touch(fresh, pages);
        result = munmap(fresh, size_bytes);
    } else if (strcmp(how, "none") != 0) {
        guest_refuse(2, "%s is neither mprotect, madvise, munmap nor none", how);
    }
    if (result != 0) {
        guest_fail(how);
    }
}

int main(int argc, char **argv) {
    if (argc < 3 || argc > 5) {
        guest_refuse(2, "usage: flush-sweep PAGES ROUNDS [mprotect|madvise|munmap|none] [CHANGED]");
    }
    uint32_t pages = (uint32_t) guest_number("PAGES", argv[1], 1, 1u << 20);
    uint64_t rounds = guest_number("ROUNDS", argv[2], 1, 1ul << 32);
    const char *how = argc > 3 ? argv[3] : "mprotect";
    uint32_t changed = argc > 4 ? (uint32_t) guest_number("CHANGED", argv[4], 1, 1u << 20) : 128;
    guest_mark("setup");
    unsigned char *swept = guest_fresh_memory(pages * GUEST_PAGE_BYTES);
    unsigned char *other = guest_fresh_memory(changed * GUEST_PAGE_BYTES);
    touch(swept, pages);
    touch(other, changed);
    guest_mark("steady");
    uint64_t sum = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        for (uint32_t page = 0; page < pages; page++) {
            sum += *(const volatile uint64_t *) (swept + page * GUEST_PAGE_BYTES);
        }
        change(other, changed, how, round);
    }
    guest_mark("teardown");
    printf("checksum %016llx\n", (unsigned long long) sum);
    return 0;
}
