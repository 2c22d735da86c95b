/* The shared-buffer workload: who writes what, where, and when; known beforehand to everyone. */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include "guest.h"

enum pattern { SEQUENTIAL, RANDOM, ZIPF };

struct workload {
    uint32_t processes;
    uint32_t writers; /* processes [0, writers) write, the others only read */
    uint32_t pages;
    enum pattern pattern;
    uint32_t write_percent;
    uint64_t accesses; /* of each process in the steady phase */
    uint64_t seed;
    struct guest_zipf zipf; /* for ZIPF */
};

/* Every writer owns one cell of each page, so that no two processes ever write the same word. */
#define MOST_PROCESSES (GUEST_PAGE_BYTES / sizeof(uint64_t))

struct access {
    uint32_t page;
    uint32_t owner; /* of the cell; the accessing process itself for a write */
    int is_write;
};

/* Returns what access number `index` of the process is. Depends on its arguments alone. */
static inline struct access access_of(const struct workload *workload, uint32_t process, uint64_t index) {
    uint64_t bits = guest_mix(workload->seed + ((uint64_t) (process + 1) << 40) + index);
    struct access access;
    if (workload->pattern == SEQUENTIAL) {
        uint64_t start = (uint64_t) process * workload->pages / workload->processes;
        access.page = (uint32_t) ((start + index) % workload->pages);
    } else if (workload->pattern == RANDOM) {
        access.page = guest_below(bits, workload->pages);
    } else {
        /* The multiplier, a prime above any number of pages, scatters the ranks over the region one to one. */
        uint32_t rank = guest_zipf_rank(&workload->zipf, guest_mix(bits));
        access.page = (uint32_t) ((uint64_t) rank * 2654435761u % workload->pages);
    }
    uint64_t more = bits >> 32;
    access.is_write = process < workload->writers && guest_below(more << 7, 100) < workload->write_percent;
    access.owner = access.is_write ? process : (uint32_t) (more >> 8) % workload->writers;
    return access;
}

/* Returns the upper half of every value that the owner writes to its cell of the page. */
static inline uint64_t tag_of(const struct workload *workload, uint32_t owner, uint32_t page) {
    return guest_mix(workload->seed ^ ((uint64_t) owner << 32 | page)) & 0xffffffff00000000u;
}

static inline uint64_t *cell_of(unsigned char *base, uint32_t owner, uint32_t page) {
    return (uint64_t *) (base + page * GUEST_PAGE_BYTES) + owner;
}

/* What a process found. */
struct outcome {
    uint64_t reads;
    uint64_t writes;
    uint64_t wrong_reads; /* values that their owner cannot have written */
    uint64_t wrong_cells; /* cells that hold another value at the end than the last one written */
    uint64_t checksum;    /* of the cells verified */
};

/* Touches every page: writers write their cell, readers read a writer's. */
void populate(const struct workload *workload, unsigned char *base, uint32_t process, struct outcome *outcome);

/* Makes the accesses of the process. */
void steady(const struct workload *workload, unsigned char *base, uint32_t process, struct outcome *outcome);

/* Compares every cell of `owner` with the last value its owner wrote. */
void verify(const struct workload *workload, unsigned char *base, uint32_t owner, struct outcome *outcome);

#endif
