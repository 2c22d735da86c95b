/* The numbers of the system calls that sharing designs bring, the same on both instruction sets. */
#ifndef GUEST_CALLS_H
#define GUEST_CALLS_H

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

#endif
