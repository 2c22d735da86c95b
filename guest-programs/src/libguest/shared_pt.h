/* MAP_SHARED_PT, as the two postings have it. */
#ifndef SHARED_PT_H
#define SHARED_PT_H

/* RFC of 2022 and 2023. */
#define MAP_SHARED_PT_2022 0x200000

/* The tree of 2026: the bit of MAP_HUGETLB. */
#define MAP_SHARED_PT_2026 0x40000

/* What one leaf table translates: start and length of what is shared are multiples of it. */
#define SHARED_PT_BYTES (2ul << 20)

#endif
