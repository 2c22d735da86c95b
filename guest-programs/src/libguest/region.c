/* Shared regions: which design, and at which address. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "design.h"

#define GIB (1ul << 30)

static const struct guest_design *const designs[] = {
    &guest_design_private,
    &guest_design_hugetlb,
    &guest_design_hugetlb_pmd,
    &guest_design_msharefs,
    &guest_design_shared_pt_2022,
    &guest_design_shared_pt_2026,
    &guest_design_mshare_2022,
    &guest_design_mshare_2026,
    &guest_design_container,
    &guest_design_sharefs,
    &guest_design_transparent,
    &guest_design_attach,
};

/* Designs that the kernel follows by itself: programs do as under "private". */
static const char *const transparent_names[] = {
    "fork-cow",
    "thp",
};

const char *guest_design_name(void) {
    const char *name = getenv("SHAREWALK_DESIGN");
    return name && *name ? name : "private";
}

static const struct guest_design *chosen_design(void) {
    const char *name = guest_design_name();
    for (size_t i = 0; i < sizeof transparent_names / sizeof *transparent_names; i++) {
        if (!strcmp(transparent_names[i], name)) {
            return &guest_design_private;
        }
    }
    for (size_t i = 0; i < sizeof designs / sizeof *designs; i++) {
        if (!strcmp(designs[i]->name, name)) {
            return designs[i];
        }
    }
    guest_refuse(2, "unknown sharing design '%s' in SHAREWALK_DESIGN", name);
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
    region->page_bytes = GUEST_PAGE_BYTES;
    region->fd = -1;
    region->object_fd = -1;
    next_base += region->window_bytes;
    region->design->create(region);
}

void guest_region_attach(struct guest_region *region) {
    region->design->attach(region);
    if (region->design->hint) {
        region->design->hint(region);
    }
}

void guest_region_detach(struct guest_region *region) {
    region->design->detach(region);
}

void guest_region_destroy(struct guest_region *region) {
    region->design->destroy(region);
}

int guest_region_can_protect_for_all(const struct guest_region *region) {
    return region->design->protect_for_all != NULL;
}

int guest_region_can_map_for_all(const struct guest_region *region) {
    return region->design->map_for_all && region->design->unmap_for_all;
}

int guest_region_protect_for_all(struct guest_region *region, size_t offset, size_t bytes, int prot) {
    return region->design->protect_for_all ? region->design->protect_for_all(region, offset, bytes, prot) : ENOSYS;
}

int guest_region_map_for_all(struct guest_region *region, size_t offset, size_t bytes) {
    return region->design->map_for_all ? region->design->map_for_all(region, offset, bytes) : ENOSYS;
}

int guest_region_unmap_for_all(struct guest_region *region, size_t offset, size_t bytes) {
    return region->design->unmap_for_all ? region->design->unmap_for_all(region, offset, bytes) : ENOSYS;
}

int guest_region_protect(struct guest_region *region, size_t offset, size_t bytes, int prot) {
    return mprotect(region->base + offset, bytes, prot) ? errno : 0;
}

int guest_region_map(struct guest_region *region, size_t offset, size_t bytes) {
    return region->design->map ? region->design->map(region, offset, bytes) : ENOSYS;
}

int guest_region_unmap(struct guest_region *region, size_t offset, size_t bytes) {
    return munmap(region->base + offset, bytes) ? errno : 0;
}

int guest_region_map_file_for_all(struct guest_region *region, size_t offset, size_t bytes,
                                  const struct guest_file_part *file) {
    return region->design->map_file_for_all ? region->design->map_file_for_all(region, offset, bytes, file) : ENOSYS;
}

int guest_region_map_file(struct guest_region *region, size_t offset, size_t bytes,
                          const struct guest_file_part *file) {
    void *at = mmap(region->base + offset, bytes, file->prot, MAP_SHARED | MAP_FIXED, file->fd, (off_t) file->offset);
    return at == MAP_FAILED ? errno : 0;
}

int guest_region_can_map_file_for_all(const struct guest_region *region) {
    return region->design->map_file_for_all != NULL;
}
