/* Shared regions: which design, and at which address. */
#include <stdlib.h>
#include <string.h>

#include "design.h"

#define GIB (1ul << 30)

static const struct guest_design *const designs[] = {
    &guest_design_private,
    &guest_design_msharefs,
};

static const struct guest_design *chosen_design(void) {
    const char *name = getenv("SHAREWALK_DESIGN");
    if (!name || !*name) {
        return &guest_design_private;
    }
    for (size_t i = 0; i < sizeof designs / sizeof *designs; i++) {
        if (!strcmp(designs[i]->name, name)) {
            return designs[i];
        }
    }
    guest_refuse(2, "unknown sharing design '%s' in SHAREWALK_DESIGN", name);
}

const char *guest_design_name(void) {
    return chosen_design()->name;
}

/*
 * What a region's start and window are multiples of: mshare_info's figure where there is one, whatever the design, so
 * that all designs agree; else what it would be. The stack tells Sv39 (38 bits of user addresses) from larger modes.
 */
static size_t window_alignment(void) {
    size_t alignment = guest_msharefs_alignment();
    if (alignment) {
        return alignment;
    }
    uintptr_t stack = (uintptr_t) __builtin_frame_address(0);
    return stack >> 38 ? 512 * GIB : GIB;
}

static size_t round_up(size_t value, size_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

void guest_region_create(struct guest_region *region, const char *name, size_t size_bytes) {
    static uintptr_t next_base;
    size_t alignment = window_alignment();
    if (!next_base) {
        next_base = alignment <= GIB ? 128 * GIB : 16384 * GIB;
    }
    region->design = chosen_design();
    region->name = name;
    region->base = (unsigned char *) next_base;
    region->size_bytes = round_up(size_bytes, GUEST_PAGE_BYTES);
    region->window_bytes = round_up(size_bytes, alignment);
    region->fd = -1;
    next_base += region->window_bytes;
    region->design->create(region);
}

void guest_region_attach(struct guest_region *region) {
    region->design->attach(region);
}

void guest_region_detach(struct guest_region *region) {
    region->design->detach(region);
}

void guest_region_destroy(struct guest_region *region) {
    region->design->destroy(region);
}
