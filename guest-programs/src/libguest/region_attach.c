/* The design "attach": as "private"; then each process attaches the property to its mapping. */
#define _GNU_SOURCE
#include <unistd.h>

#include "calls.h"
#include "design.h"

static void share_tables(struct guest_region *region) {
    if (syscall(GUEST_SYS_SHARE_TABLES, region->base, region->size_bytes, 0)) {
        guest_fail("share tables");
    }
}

const struct guest_design guest_design_attach = {
    .name = "attach",
    .create = guest_private_create,
    .attach = guest_private_attach,
    .detach = guest_private_detach,
    .destroy = guest_private_destroy,
    .hint = share_tables,
    .map = guest_private_map,
};
