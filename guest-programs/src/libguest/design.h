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
};

extern const struct guest_design guest_design_private;
extern const struct guest_design guest_design_msharefs;

#define MSHAREFS_ROOT "/sys/fs/mshare"

/* Returns the alignment that mshare_info asks for, 0 where there is no msharefs. */
size_t guest_msharefs_alignment(void);

#endif
