/* The Zipf distribution by its cumulative weights. */
#include <stdlib.h>

#include "guest.h"

void guest_zipf_init(struct guest_zipf *zipf, uint32_t ranks) {
    zipf->ranks = ranks;
    zipf->cumulative = malloc(ranks * sizeof *zipf->cumulative);
    if (!zipf->cumulative) {
        guest_fail("zipf table");
    }
    uint64_t sum = 0;
    for (uint32_t rank = 0; rank < ranks; rank++) {
        sum += (1ul << 32) / (rank + 1);
        zipf->cumulative[rank] = sum;
    }
}

uint32_t guest_zipf_rank(const struct guest_zipf *zipf, uint64_t bits) {
    uint64_t total = zipf->cumulative[zipf->ranks - 1];
    uint64_t point = (uint64_t) (((unsigned __int128) bits * total) >> 64);
    uint32_t low = 0;
    uint32_t high = zipf->ranks - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (zipf->cumulative[middle] > point) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}
