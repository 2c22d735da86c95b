/* The three passes over the region. A cell holds its owner's tag and 1 + the number of the last access that wrote it. */
#include <stdlib.h>

#include "workload.h"

#define SEQUENCE_MASK 0xffffffffu

static void check_read(const struct workload *workload, uint32_t owner, uint32_t page, uint64_t value,
                       struct outcome *outcome) {
    uint64_t sequence = value & SEQUENCE_MASK;
    outcome->wrong_reads += (value ^ sequence) != tag_of(workload, owner, page) || sequence > workload->accesses;
}

void populate(const struct workload *workload, unsigned char *base, uint32_t process, struct outcome *outcome) {
    for (uint32_t page = 0; page < workload->pages; page++) {
        if (process < workload->writers) {
            *(volatile uint64_t *) cell_of(base, process, page) = tag_of(workload, process, page);
        } else {
            uint32_t owner = process % workload->writers;
            check_read(workload, owner, page, *(volatile uint64_t *) cell_of(base, owner, page), outcome);
        }
    }
}

void steady(const struct workload *workload, unsigned char *base, uint32_t process, struct outcome *outcome) {
    uint64_t writes = 0;
    for (uint64_t index = 0; index < workload->accesses; index++) {
        struct access access = access_of(workload, process, index);
        volatile uint64_t *cell = cell_of(base, access.owner, access.page);
        if (access.is_write) {
            *cell = tag_of(workload, access.owner, access.page) | (index + 1);
            writes++;
        } else {
            check_read(workload, access.owner, access.page, *cell, outcome);
        }
    }
    outcome->writes = writes;
    outcome->reads = workload->accesses - writes;
}

void verify(const struct workload *workload, unsigned char *base, uint32_t owner, struct outcome *outcome) {
    uint32_t *last_write = calloc(workload->pages, sizeof *last_write);
    if (!last_write) {
        guest_fail("verify");
    }
    uint32_t pages_left = workload->pages;
    for (uint64_t index = workload->accesses; index > 0 && pages_left; index--) {
        struct access access = access_of(workload, owner, index - 1);
        if (access.is_write && !last_write[access.page]) {
            last_write[access.page] = (uint32_t) index;
            pages_left--;
        }
    }
    uint64_t sum = 0;
    for (uint32_t page = 0; page < workload->pages; page++) {
        uint64_t value = *(volatile uint64_t *) cell_of(base, owner, page);
        outcome->wrong_cells += value != (tag_of(workload, owner, page) | last_write[page]);
        sum = guest_checksum(sum, value);
    }
    outcome->checksum = sum;
    free(last_write);
}
