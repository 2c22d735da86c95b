/* The numbers of the system calls that sharing designs bring, the same on both instruction sets. */
#ifndef GUEST_CALLS_H
#define GUEST_CALLS_H

#include <stdint.h>

/* RFC v1 of mshare(), April 2022 (x86-64; on RISC-V our port). */
#define GUEST_SYS_MSHARE 451
#define GUEST_SYS_MSHARE_UNLINK 452

/* Without a number of their own: Sharewalk's. */
#define GUEST_SYS_MSHARE_CREATE 0x53570100
#define GUEST_SYS_MSHARE_ATTACH 0x53570101
#define GUEST_SYS_MSHARE_DETACH 0x53570102
#define GUEST_SYS_MSHARE_MAP 0x53570103
#define GUEST_SYS_MSHARE_UNMAP 0x53570104
#define GUEST_SYS_MSHARE_PROTECT 0x53570105
#define GUEST_SYS_MSHARE_ADVISE 0x53570106
#define GUEST_SYS_CONTAINER_CREATE 0x53570110
#define GUEST_SYS_SHARE_TABLES 0x53570120

/* Advice of madvise(2) that Linux does not know: page tables may be shared here. */
#define GUEST_MADV_SHARE_TABLES 0x53570001

/* Moves the pages of [address, address + bytes) to swap, whoever maps them; there under every design. */
#define GUEST_SYS_RECLAIM 0x53570180

/*
 * Write notification (--notify write): NOTIFY_CREATE(flags) makes a descriptor that is told of writes;
 * NOTIFY_PROTECT(notifier, file, offset, bytes, mode, cookie) has writes to a range of a file in memory told of;
 * NOTIFY_UNPROTECT(notifier, file, offset, bytes) ends that and lets the writers go on.
 */
#define GUEST_SYS_NOTIFY_CREATE 0x53570181
#define GUEST_SYS_NOTIFY_PROTECT 0x53570182
#define GUEST_SYS_NOTIFY_UNPROTECT 0x53570183

/* Modes: the writer waits until it is let go on, or gets SIGSEGV with this code. */
#define GUEST_NOTIFY_WAIT 0
#define GUEST_NOTIFY_SIGNAL 1
#define GUEST_SEGV_WRITE_NOTIFY 0x53

/* Kinds of events. */
#define GUEST_NOTIFY_STORE 1
#define GUEST_NOTIFY_WRITE 2

/* What read(2) of the descriptor gives, one or more. */
struct guest_notify_event {
    uint64_t offset; /* of the page in its file */
    uint64_t cookie; /* of the range */
    uint64_t address; /* of the store, 0 for a write(2) */
    uint32_t kind;
    uint32_t pid; /* of the writer */
};

#endif
