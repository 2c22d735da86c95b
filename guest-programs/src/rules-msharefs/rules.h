/* What the parts of rules-msharefs have in common. */
#ifndef RULES_H
#define RULES_H

#include <stddef.h>
#include <stdint.h>

#include "guest.h"
#include "msharefs.h"
#include "probe.h"

#define ROOT "/sys/fs/mshare"
#define PAGE GUEST_PAGE_BYTES

/* What regions are multiples of, and aligned to. */
extern size_t slot;

/* Returns a descriptor of a new region, without a size. */
int new_region(const char *name);

/* Returns a descriptor of a new region of some slots, empty. */
int sized_region(const char *name, size_t slots);

/* Makes an object in a region; the result of the ioctl as an errno value. */
int create_object(int fd, uint64_t offset, uint64_t size, uint32_t prot, uint32_t flags, int object);

/* The same for pages of shared anonymous memory that can be read and written. */
int create_pages(int fd, uint64_t first_page, uint64_t pages);

int unmap_object(int fd, uint64_t offset, uint64_t size);

/* Maps a whole region of so many slots anywhere, readable and writable. */
unsigned char *window_of(int fd, size_t slots);

/* Returns errno of mmap(2), having unmapped what it mapped. */
int map_errno(int fd, void *hint, size_t bytes, int prot, int flags);

void try_files(void);
void try_objects(void);
void try_huge_objects(void);
void try_windows(void);
void try_sharing(void);
void try_owners(void);
void try_memory(void);

#endif
