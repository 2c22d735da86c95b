/* The design "private", Linux as it is: every process maps the same memfd, through page tables of its own. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "design.h"

void guest_private_create(struct guest_region *region) {
    region->fd = memfd_create(region->name, MFD_CLOEXEC);
    if (region->fd < 0) {
        guest_fail("memfd_create");
    }
    if (ftruncate(region->fd, (off_t) region->size_bytes)) {
        guest_fail("size of the region");
    }
}

void guest_private_attach(struct guest_region *region) {
    void *at = mmap(region->base, region->size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE,
                    region->fd, 0);
    if (at != region->base) {
        guest_fail("attach region");
    }
}

void guest_private_detach(struct guest_region *region) {
    if (munmap(region->base, region->size_bytes)) {
        guest_fail("detach region");
    }
}

void guest_private_destroy(struct guest_region *region) {
    close(region->fd);
}

int guest_private_map(struct guest_region *region, size_t offset, size_t bytes) {
    void *at = mmap(region->base + offset, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, region->fd,
                    (off_t) offset);
    return at == MAP_FAILED ? errno : 0;
}

const struct guest_design guest_design_private = {
    .name = "private",
    .create = guest_private_create,
    .attach = guest_private_attach,
    .detach = guest_private_detach,
    .destroy = guest_private_destroy,
    .map = guest_private_map,
};
