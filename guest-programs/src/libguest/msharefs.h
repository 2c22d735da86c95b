/* The user interface of msharefs v3 (patches 2, 18 and 19 of the series). */
#ifndef MSHAREFS_H
#define MSHAREFS_H

#include <stdint.h>
#include <sys/ioctl.h>

struct mshare_create {
    uint64_t region_offset;
    uint64_t size;
    uint64_t offset;
    uint32_t prot;
    uint32_t flags;
    uint32_t fd;
};

struct mshare_unmap {
    uint64_t region_offset;
    uint64_t size;
};

#define MSHAREFS_CREATE_MAPPING _IOW('x', 0, struct mshare_create)
#define MSHAREFS_UNMAP _IOW('x', 1, struct mshare_unmap)

_Static_assert(sizeof(struct mshare_create) == 40, "40 bytes with the padding at the end");
_Static_assert(sizeof(struct mshare_unmap) == 16, "16 bytes");

#endif
