/* The calls of the design "mshare-2022". Results are those of syscall(2): 0, or -1 and errno. */
#ifndef MSHARE_2022_H
#define MSHARE_2022_H

#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls.h"

/* What a file in /sys/fs/mshare tells. */
struct mshare_info {
    unsigned long start;
    unsigned long size;
};

static inline int mshare(const char *name, void *addr, size_t length, int oflags, unsigned mode) {
    return (int) syscall(GUEST_SYS_MSHARE, name, addr, length, oflags, mode);
}

static inline int mshare_unlink(const char *name) {
    return (int) syscall(GUEST_SYS_MSHARE_UNLINK, name);
}

#endif
