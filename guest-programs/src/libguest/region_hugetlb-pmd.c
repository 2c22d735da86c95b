/*
 * The design "hugetlb-pmd": as "hugetlb", but each process maps whole blocks of 1 GiB, for which Linux shares tables.
 * Pages are promised for none of it (MAP_NORESERVE), since the region is smaller.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>

#include "design.h"

#define BLOCK_BYTES (1ul << 30)

static size_t mapped_bytes(const struct guest_region *region) {
    return (region->size_bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
}

static void attach(struct guest_region *region) {
    void *at = mmap(region->base, mapped_bytes(region), PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_NORESERVE | MAP_FIXED_NOREPLACE, region->fd, 0);
    if (at != region->base) {
        guest_fail("attach region");
    }
}

static void detach(struct guest_region *region) {
    if (munmap(region->base, mapped_bytes(region))) {
        guest_fail("detach region");
    }
}

static int map(struct guest_region *region, size_t offset, size_t bytes) {
    void *at = mmap(region->base + offset, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE | MAP_FIXED,
                    region->fd, (off_t) offset);
    return at == MAP_FAILED ? errno : 0;
}

const struct guest_design guest_design_hugetlb_pmd = {
    .name = "hugetlb-pmd",
    .create = guest_hugetlb_create,
    .attach = attach,
    .detach = detach,
    .destroy = guest_private_destroy,
    .map = map,
};
