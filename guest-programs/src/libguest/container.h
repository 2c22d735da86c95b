/* The interface of the design "container": a descriptor that holds mappings. */
#ifndef CONTAINER_H
#define CONTAINER_H

#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

struct container_map {
    uint64_t offset;      /* in the container */
    uint64_t size;
    uint64_t file_offset;
    uint32_t prot;        /* PROT_READ, PROT_WRITE */
    uint32_t flags;       /* CONTAINER_NO_REPLACE */
    int32_t fd;
    uint32_t reserved;    /* 0 */
};

struct container_range {
    uint64_t offset;
    uint64_t size;
    uint32_t prot;        /* 0 to unmap */
    uint32_t unused;
};

#define CONTAINER_MAP _IOW('x', 0x10, struct container_map)
#define CONTAINER_UNMAP _IOW('x', 0x11, struct container_range)
#define CONTAINER_PROTECT _IOW('x', 0x12, struct container_range)

#define CONTAINER_NO_REPLACE 1

_Static_assert(sizeof(struct container_map) == 40, "40 bytes");
_Static_assert(sizeof(struct container_range) == 24, "24 bytes");

/* Returns a descriptor; flags may be O_CLOEXEC. ftruncate(2) gives it its size, once; mmap(2) shows it. */
static inline int container_create(unsigned flags) {
    return (int) syscall(GUEST_SYS_CONTAINER_CREATE, flags);
}

#endif
