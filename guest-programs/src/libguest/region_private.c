/* The design "private", Linux as it is: every process maps the same memfd, through page tables of its own. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "design.h"

static void create(struct guest_region *region) {
    region->fd = memfd_create(region->name, MFD_CLOEXEC);
    if (region->fd < 0) {
        guest_fail("memfd_create");
    }
    if (ftruncate(region->fd, (off_t) region->size_bytes)) {
        guest_fail("size of the region");
    }
}

static void attach(struct guest_region *region) {
    void *at = mmap(region->base, region->size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE,
                    region->fd, 0);
    if (at != region->base) {
        guest_fail("attach region");
    }
}

static void detach(struct guest_region *region) {
    if (munmap(region->base, region->size_bytes)) {
        guest_fail("detach region");
    }
}

static void destroy(struct guest_region *region) {
    close(region->fd);
}

const struct guest_design guest_design_private = {"private", create, attach, detach, destroy};
