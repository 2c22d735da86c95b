/* A file that processes map with MAP_SHARED_PT, for the rules to be tried on. */
#ifndef RULES_H
#define RULES_H

#include <stddef.h>

#include "shared_pt.h"

#define RW (PROT_READ | PROT_WRITE)

struct scene {
    unsigned char *at;
    size_t bytes;
    int fd;
    size_t page; /* the page a child is to store to or load from */
};

/* Maps with MAP_FIXED; returns 0 or the errno value. */
int map_at(unsigned char *at, size_t bytes, int prot, int flags, int fd);

/* Makes the first mapping with the flag, and fills pages of its first 2 MiB with 7. */
void map_first(struct scene *scene);

/* Makes a file of twice `blocks` times 2 MiB, and the first mapping of its first half. */
struct scene open_scene(size_t blocks);

/* Takes the caller's mapping out whole, and closes the file. */
void close_scene(struct scene *scene);

/* What calls on a part of a mapping or on the file do. */
void try_changes(void);

/* How mappings end: munmap, fork, exit. */
void try_ends(void);

/* What the tables' host may do, and its sharers may not. */
void try_rights(void);

#endif
