/* A file mapped with the MAP_SHARED_PT of 2026, for the rules to be tried on. */
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

/* Maps with MAP_SHARED_PT at an address; returns 0 or the errno value. `flags` has the type, and MAP_FIXED or not. */
int share_at(unsigned char *at, size_t bytes, int prot, int flags, int fd);

/* Makes a file of `blocks` times 2 MiB, maps it shared, and fills pages of its first 2 MiB with 7. */
struct scene open_scene(size_t blocks);

/* Takes the caller's mapping out whole, and closes the file. */
void close_scene(struct scene *scene);

/* Which calls give the caller tables of its own, and what the others notice. */
void try_unsharing(void);

#endif
