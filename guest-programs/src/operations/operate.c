/* The operations themselves. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "operations.h"

static unsigned char *own_memory;

uint32_t pages_below(const struct plan *plan, size_t offset) {
    uint32_t below = 0;
    while (below < plan->pages && page_offset(plan, below) < offset) {
        below++;
    }
    return below;
}

enum manner manner_of(enum operation operation, const struct guest_region *region) {
    switch (operation) {
        case PROTECT_FOR_ALL: return guest_region_can_protect_for_all(region) ? BY_ONE_CALL : BY_MESSAGE;
        case UNMAP_FOR_ALL:
        case MAP_FOR_ALL: return guest_region_can_map_for_all(region) ? BY_ONE_CALL : BY_MESSAGE;
        case FLUSH: return guest_region_can_map_for_all(region) ? BY_ONE_CALL : BY_HOLE;
        default: return BY_ONE_CALL;
    }
}

size_t changed_offset(const struct plan *plan, enum operation operation, const struct guest_region *region) {
    if (operation == FLUSH) {
        return page_offset(plan, plan->pages - 1) / region->page_bytes * region->page_bytes;
    }
    return (plan->blocks - 1) * plan->block_bytes;
}

static int punch_hole(const struct guest_region *region, size_t offset, size_t bytes) {
    return fallocate(region->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t) offset, (off_t) bytes) ? errno : 0;
}

/* The child waits for RELEASE, so that it is there while the others touch their memory again. */
static int fork_child(struct control *control) {
    pid_t child = fork();
    if (child) {
        return child < 0 ? errno : 0;
    }
    guest_mark("forked");
    set_and_wake(&control->forked, 1);
    sleep_while(&control->release, 0);
    _exit(0);
}

static int change(const struct scene *scene, enum manner manner) {
    struct guest_region *region = scene->region;
    enum operation operation = scene->control->operation;
    size_t offset = changed_offset(scene->plan, operation, region);
    size_t bytes = operation == FLUSH ? region->page_bytes : scene->plan->block_bytes;
    switch (operation) {
        case PROTECT_FOR_ALL:
            return manner == BY_ONE_CALL ? guest_region_protect_for_all(region, 0, region->size_bytes, PROT_READ)
                                         : guest_region_protect(region, 0, region->size_bytes, PROT_READ);
        case MAP_FOR_ALL:
            return manner == BY_ONE_CALL ? guest_region_map_for_all(region, offset, bytes)
                                         : guest_region_map(region, offset, bytes);
        case FLUSH:
            return manner == BY_HOLE ? punch_hole(region, offset, bytes)
                                     : guest_region_unmap_for_all(region, offset, bytes);
        default:
            return manner == BY_ONE_CALL ? guest_region_unmap_for_all(region, offset, bytes)
                                         : guest_region_unmap(region, offset, bytes);
    }
}

int follow(const struct scene *scene) {
    return change(scene, BY_MESSAGE);
}

/* Tells everyone, does its own part, and returns when all have answered. */
static int change_for_all(const struct scene *scene) {
    struct control *control = scene->control;
    enum manner manner = manner_of(control->operation, scene->region);
    if (manner != BY_MESSAGE) {
        return change(scene, manner);
    }
    uint32_t others = scene->plan->sharers - 1;
    for (uint32_t index = 1; index <= others; index++) {
        set_and_wake(&control->slots[index].message, 1);
    }
    int result = change(scene, manner);
    for (uint32_t answers; (answers = __atomic_load_n(&control->answers, __ATOMIC_ACQUIRE)) != others;) {
        sleep_while(&control->answers, answers);
    }
    return result;
}

int operate(const struct scene *scene, uint32_t index) {
    struct guest_region *region = scene->region;
    switch (scene->control->operation) {
        case NOTHING: return 0;
        case UNSHARE: return guest_region_protect(region, 0, region->size_bytes, PROT_READ);
        case MPROTECT: return guest_region_protect(region, 0, region->size_bytes, PROT_READ | PROT_WRITE);
        case PROTECT_FOR_ALL:
        case UNMAP_FOR_ALL:
        case MAP_FOR_ALL:
        case FLUSH: return change_for_all(scene);
        case MUNMAP: guest_region_detach(region); return 0;
        case FORK:
        case FORK_PRIVATE: return fork_child(scene->control);
        case STORE_AFTER_FORK: *(volatile uint32_t *) own_memory = index; return 0;
        case EXIT: _exit(0);
    }
    return EINVAL;
}

/* In last-level tables of its own: what else a table maps decides when a table shared by fork is left. */
void store_own_memory(const struct plan *plan) {
    size_t bytes = (plan->pages * GUEST_PAGE_BYTES + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
    uintptr_t start = (uintptr_t) guest_fresh_memory(bytes + BLOCK_BYTES);
    own_memory = (unsigned char *) ((start + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES);
    for (uint32_t page = 0; page < plan->pages; page++) {
        *(volatile uint32_t *) (own_memory + page * GUEST_PAGE_BYTES) = page;
    }
}

void load_own_memory(const struct plan *plan) {
    for (uint32_t page = 0; page < plan->pages; page++) {
        (void) *(volatile uint32_t *) (own_memory + page * GUEST_PAGE_BYTES);
    }
}
