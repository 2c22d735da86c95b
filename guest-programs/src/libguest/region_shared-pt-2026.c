/*
 * The design "shared-pt-2026": only what a process has mapped before it forks is shared, with its children. So the
 * creator maps the region, and to attach it is to have inherited it.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "design.h"
#include "shared_pt.h"

static size_t mapped_bytes(const struct guest_region *region) {
    return (region->size_bytes + SHARED_PT_BYTES - 1) & -SHARED_PT_BYTES;
}

static void *map(struct guest_region *region, int flag) {
    return mmap(region->base, mapped_bytes(region), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | flag, region->fd,
                0);
}

static void create(struct guest_region *region) {
    guest_private_create(region);
    if (map(region, MAP_SHARED_PT_2026) != region->base) {
        guest_fail("map region");
    }
}

/* Nothing to do for who has inherited the region. Who has taken it out gets tables of its own if others have it. */
static void attach(struct guest_region *region) {
    int is_mapped = !msync(region->base, GUEST_PAGE_BYTES, MS_ASYNC);
    if (!is_mapped && map(region, MAP_SHARED_PT_2026) != region->base && map(region, 0) != region->base) {
        guest_fail("attach region");
    }
}

static void detach(struct guest_region *region) {
    if (munmap(region->base, mapped_bytes(region))) {
        guest_fail("detach region");
    }
}

const struct guest_design guest_design_shared_pt_2026 = {
    .name = "shared-pt-2026",
    .create = create,
    .attach = attach,
    .detach = detach,
    .destroy = guest_private_destroy,
    .map = guest_private_map,
};
