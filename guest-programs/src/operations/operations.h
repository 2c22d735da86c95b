/* One operation after the other on a shared region, each priced apart by the phases it is made in. */
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "guest.h"

enum { MOST_SHARERS = 1024, BLOCK_BYTES = 2 << 20, PHASE_BYTES = 40 };

/* What a sharer can be told to do. */
enum order {
    ATTACH,
    STORE,      /* to every page of the working set */
    LOAD,       /* from every page of the working set that the operation leaves */
    SPIN,       /* until control->stop */
    OPERATE,    /* make the operation, as the one that changes something */
    LISTEN,     /* wait for the message that asks for the operation, and follow it */
    PROBE,      /* find out whether the region can be written */
    RELEASE,    /* end the child that the operation forked */
    STORE_OWN,  /* make private memory of the working set's size, and store to each page of it */
    LOAD_OWN,   /* from each page of that */
    DETACH,
    LEAVE
};

enum operation {
    NOTHING,
    UNSHARE,
    MPROTECT,
    PROTECT_FOR_ALL,
    UNMAP_FOR_ALL,
    MAP_FOR_ALL,
    FLUSH,
    MUNMAP,
    FORK,
    FORK_PRIVATE,
    STORE_AFTER_FORK,
    EXIT
};

/* The working set: `pages` pages at the beginnings of `blocks` ranges that no last-level table has in common. */
struct plan {
    uint32_t sharers;
    uint32_t harts;
    uint32_t pages;
    uint32_t blocks;
    size_t block_bytes;
};

/* Where a sharer takes its orders; a cache line of its own. */
struct slot {
    _Alignas(64) uint32_t given;
    uint32_t done;
    uint32_t order;
    uint32_t message;
    int32_t result;
};

/* In shared memory of its own, apart from the regions. */
struct control {
    char phase[PHASE_BYTES]; /* of the order to come */
    uint32_t region;         /* the region that orders are about */
    enum operation operation;
    uint32_t kept_pages;     /* pages of the working set that rounds go through */
    uint32_t stop;           /* ends SPIN */
    uint32_t ready;          /* the last that is about to spin or listen */
    uint32_t answers;        /* to the messages of an operation */
    uint32_t forked;
    uint32_t release;
    struct slot slots[MOST_SHARERS + 1];
};

/* How an operation for all sharers was made. */
enum manner { BY_ONE_CALL, BY_HOLE, BY_MESSAGE };

struct scene {
    const struct plan *plan;
    struct control *control;
    struct guest_region *region;
};

/* Returns where page `page` of the working set lies in the region. */
static inline size_t page_offset(const struct plan *plan, uint32_t page) {
    uint32_t per_block = (plan->pages + plan->blocks - 1) / plan->blocks;
    return page / per_block * plan->block_bytes + page % per_block * GUEST_PAGE_BYTES;
}

/* Returns how many pages of the working set lie below an offset of the region. */
uint32_t pages_below(const struct plan *plan, size_t offset);

/* Returns how the operation is made for all sharers under the design. */
enum manner manner_of(enum operation operation, const struct guest_region *region);

/* The part of the region that UNMAP_FOR_ALL, MAP_FOR_ALL and FLUSH change. */
size_t changed_offset(const struct plan *plan, enum operation operation, const struct guest_region *region);

/* Makes the operation in the calling process, `index` of the sharers; 0 or an errno value. */
int operate(const struct scene *scene, uint32_t index);

/* Follows the message that asks for the operation: does to its own mapping what the sender does to its own. */
int follow(const struct scene *scene);

/* Has the calling process, and the children that it forks from now on, run on one hart only. */
void stay_on_hart(uint32_t hart);

/*
 * Has code, variables, stack and control words of the calling process in its memory, and nothing else: no operation is
 * to fault them in.
 */
void settle_memory(struct control *control);

/* Makes private memory of the working set's size with a store to each page; loads from each page of it. */
void store_own_memory(const struct plan *plan);
void load_own_memory(const struct plan *plan);

/* Waits for, and gives, a change of a word in shared memory, without spinning. */
void sleep_while(uint32_t *word, uint32_t value);
void set_and_wake(uint32_t *word, uint32_t value);

/* What a sharer does: takes orders until it is told to leave. */
_Noreturn void share(struct scene *scene, struct guest_region *regions, uint32_t index);

#endif
