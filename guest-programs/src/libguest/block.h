/* Blocks of 2 MiB, which one leaf table translates, and who faults in them: how a program sees that tables are shared. */
#ifndef BLOCK_H
#define BLOCK_H

#include <stddef.h>

#define BLOCK_BYTES (2ul << 20)
#define BLOCK_PAGES 512

/* Returns the start of `blocks` free blocks, at a multiple of their size. */
unsigned char *guest_free_blocks(size_t blocks);

/* Returns a memfd of so many blocks. */
int guest_block_file(size_t blocks);

/* Maps all of a memfd at an address, shared; fails the program if it cannot. */
void guest_map_blocks(unsigned char *at, int fd, size_t bytes, int prot);

/* Stores to, or loads from, a byte of each of `pages` pages; returns the sum of what was loaded. */
void guest_store_pages(unsigned char *at, size_t pages, int value);
long guest_load_pages(const unsigned char *at, size_t pages);

/*
 * Forks; the child runs `prepare` (may be NULL), then stores to (`store` not 0) or loads from pages. Returns its minor
 * faults while it did the latter, or -1 if it ended by a signal.
 */
long guest_child_faults(void (*prepare)(void), unsigned char *at, size_t pages, int store);

/* Returns the minor faults of the calling process while it stores to or loads from pages. */
long guest_own_faults(unsigned char *at, size_t pages, int store);

#endif
