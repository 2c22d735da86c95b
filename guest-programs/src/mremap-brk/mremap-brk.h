/* The parts of mremap-brk, and what they share. */
#ifndef MREMAP_BRK_H
#define MREMAP_BRK_H

#include "guest.h"

void check_mremap(void);
void check_brk(void);
void check_file_mappings(void);

/* Writes a pattern that depends on `side` to whole pages. */
void fill_pages(unsigned char *pages, int count, uint32_t side);

/* Returns whether the pages hold the pattern. */
int pages_hold(const unsigned char *pages, int count, uint32_t side);

/* Returns whether the byte can be read, asked of the kernel: no signal. */
int is_mapped(const unsigned char *address);

/* Returns the signal that reading the byte ends in, 0 if none. */
int signal_of_read(const unsigned char *address);

/* Returns the errno for a result of -1, else 0. */
int errno_of(long result);

#endif
