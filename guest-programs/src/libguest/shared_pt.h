/* MAP_SHARED_PT, as the two postings have it, and what the programs that try its rules have in common. */
#ifndef SHARED_PT_H
#define SHARED_PT_H

#include <stddef.h>

/* RFC of 2022 and 2023. */
#define MAP_SHARED_PT_2022 0x200000

/* The tree of 2026: the bit of MAP_HUGETLB. */
#define MAP_SHARED_PT_2026 0x40000

/* What one leaf table translates: start and length of what is shared are multiples of it. */
#define SHARED_PT_BYTES (2ul << 20)

/* Free addresses, the first a multiple of 2 MiB, that every paging mode has. */
#define SHARED_PT_PLACE ((unsigned char *) 0x1000000000ul)

/* Pages of each 2 MiB that the rules look at. */
#define SHARED_PT_PAGES 64

/* Returns a new memfd of that size, zeroes. */
int shared_pt_file(size_t bytes);

/* Runs `work` in a forked child; returns its result (0 to 127), or 128 and the number of the signal that ended it. */
int shared_pt_child(int (*work)(void *argument), void *argument);

/* Stores `value` to the first SHARED_PT_PAGES pages there; returns the minor faults this took. */
long shared_pt_fill(unsigned char *memory, int value);

/* Loads from those pages; returns the minor faults this took. */
long shared_pt_look(const unsigned char *memory);

#endif
