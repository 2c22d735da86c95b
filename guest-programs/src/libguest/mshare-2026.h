/* The calls of the design "mshare-2026". Results are those of syscall(2): -1 and errno, or 0 or more. */
#ifndef MSHARE2026_H
#define MSHARE2026_H

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

struct mshare_map {
    uint64_t offset;      /* in the region */
    uint64_t size;
    uint64_t file_offset;
    uint32_t prot;
    uint32_t flags;       /* MAP_SHARED, and MAP_ANONYMOUS, MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_NORESERVE */
    int32_t fd;
    uint32_t reserved;    /* 0 */
};

_Static_assert(sizeof(struct mshare_map) == 40, "40 bytes");

/* Returns a descriptor; flags may be O_CLOEXEC. ftruncate(2) gives it its size, once. */
static inline int mshare_create(unsigned flags) {
    return (int) syscall(GUEST_SYS_MSHARE_CREATE, flags);
}

/* Shows a part of the region in the calling process; flags may be MAP_FIXED or MAP_FIXED_NOREPLACE. */
static inline void *mshare_attach(int fd, uint64_t offset, uint64_t size, void *addr, unsigned flags) {
    return (void *) syscall(GUEST_SYS_MSHARE_ATTACH, fd, offset, size, addr, flags);
}

static inline int mshare_detach(void *addr) {
    return (int) syscall(GUEST_SYS_MSHARE_DETACH, addr);
}

static inline int mshare_map(int fd, const struct mshare_map *map, size_t size) {
    return (int) syscall(GUEST_SYS_MSHARE_MAP, fd, map, size);
}

static inline int mshare_unmap(int fd, uint64_t offset, uint64_t size) {
    return (int) syscall(GUEST_SYS_MSHARE_UNMAP, fd, offset, size);
}

static inline int mshare_protect(int fd, uint64_t offset, uint64_t size, int prot) {
    return (int) syscall(GUEST_SYS_MSHARE_PROTECT, fd, offset, size, prot);
}

static inline int mshare_advise(int fd, uint64_t offset, uint64_t size, int advice) {
    return (int) syscall(GUEST_SYS_MSHARE_ADVISE, fd, offset, size, advice);
}

#endif
