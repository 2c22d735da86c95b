/* The design "shared-pt-2022": every process maps the same memfd with MAP_SHARED_PT, at one address and length. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>

#include "design.h"
#include "shared_pt.h"

/* The file ends before the mapping where the region is no multiple of 2 MiB. */
static size_t mapped_bytes(const struct guest_region *region) {
    return (region->size_bytes + SHARED_PT_BYTES - 1) & -SHARED_PT_BYTES;
}

static void attach(struct guest_region *region) {
    void *at = mmap(region->base, mapped_bytes(region), PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_SHARED_PT_2022 | MAP_FIXED_NOREPLACE, region->fd, 0);
    if (at != region->base) {
        guest_fail("attach region");
    }
}

static void detach(struct guest_region *region) {
    if (munmap(region->base, mapped_bytes(region))) {
        guest_fail("detach region");
    }
}

static int protect_for_all(struct guest_region *region, size_t offset, size_t bytes, int prot) {
    return mprotect(region->base + offset, bytes, prot) ? errno : 0;
}

/* A part can neither be unmapped nor mapped anew. */
const struct guest_design guest_design_shared_pt_2022 = {
    .name = "shared-pt-2022",
    .create = guest_private_create,
    .attach = attach,
    .detach = detach,
    .destroy = guest_private_destroy,
    .protect_for_all = protect_for_all,
};
