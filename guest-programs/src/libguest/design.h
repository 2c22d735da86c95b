/* A sharing design: how libguest makes a region under it. One file per design; region.c lists them. */
#ifndef DESIGN_H
#define DESIGN_H

#include "guest.h"

struct guest_design {
    const char *name;
    /* Makes the object behind region->name; base, size_bytes and window_bytes are set, fd is to be set. */
    void (*create)(struct guest_region *region);
    void (*attach)(struct guest_region *region);
    void (*detach)(struct guest_region *region);
    void (*destroy)(struct guest_region *region);

    /*
     * What follows is optional: NULL where the design has no such call. Results are 0 or an errno value; offset and
     * bytes are whole pages of the region.
     */

    /* Asks for sharing where the design waits to be asked (madvise, say); guest_region_attach calls it last. */
    void (*hint)(struct guest_region *region);
    /* One call by one process that changes the region for all who have it attached. */
    int (*protect_for_all)(struct guest_region *region, size_t offset, size_t bytes, int prot);
    int (*map_for_all)(struct guest_region *region, size_t offset, size_t bytes);
    int (*unmap_for_all)(struct guest_region *region, size_t offset, size_t bytes);
    /* One call that shows pages of a file in a part of the region, for all who have it attached. */
    int (*map_file_for_all)(struct guest_region *region, size_t offset, size_t bytes,
                            const struct guest_file_part *file);
    /* Maps a part of the region again, readable and writable, in the calling process alone, as attach would. */
    int (*map)(struct guest_region *region, size_t offset, size_t bytes);
};

extern const struct guest_design guest_design_private;
extern const struct guest_design guest_design_hugetlb;
extern const struct guest_design guest_design_hugetlb_pmd;
extern const struct guest_design guest_design_msharefs;
extern const struct guest_design guest_design_shared_pt_2022;
extern const struct guest_design guest_design_shared_pt_2026;
extern const struct guest_design guest_design_mshare_2022;
extern const struct guest_design guest_design_mshare_2026;
extern const struct guest_design guest_design_container;
extern const struct guest_design guest_design_sharefs;
extern const struct guest_design guest_design_transparent;
extern const struct guest_design guest_design_attach;

/* The parts of "private", for designs that differ from it in little. */
void guest_private_create(struct guest_region *region);
void guest_private_attach(struct guest_region *region);
void guest_private_detach(struct guest_region *region);
void guest_private_destroy(struct guest_region *region);
int guest_private_map(struct guest_region *region, size_t offset, size_t bytes);

/* The parts of "hugetlb" that others use. */
#define GUEST_HUGE_PAGE_BYTES (2ul << 20)
void guest_hugetlb_create(struct guest_region *region);

/* Enlarges the machine's pool of 2 MiB pages; returns 0 or an errno value, ENOMEM if it could not grow so far. */
int guest_huge_pages_add(unsigned long pages);

#define MSHAREFS_ROOT "/sys/fs/mshare"

/* Returns the alignment that mshare_info asks for, 0 where there is no msharefs. */
size_t guest_msharefs_alignment(void);

#endif
