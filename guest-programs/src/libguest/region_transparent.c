/* The design "transparent": as "private"; the hint matters only where the kernel waits for one. */
#include <sys/mman.h>

#include "calls.h"
#include "design.h"

static void hint(struct guest_region *region) {
    if (madvise(region->base, region->size_bytes, GUEST_MADV_SHARE_TABLES)) {
        guest_fail("advise to share tables");
    }
}

const struct guest_design guest_design_transparent = {
    .name = "transparent",
    .create = guest_private_create,
    .attach = guest_private_attach,
    .detach = guest_private_detach,
    .destroy = guest_private_destroy,
    .hint = hint,
    .map = guest_private_map,
};
