/*
 * The design "mshare-2022": a process maps the memory and gives it away under a name; ordinary calls on it then act for
 * all. The giver has it from the beginning, and its children inherit it: so that attaching costs every process the
 * same, the giver is a process of its own, which leaves at once. The region outlives it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "design.h"
#include "mshare-2022.h"

static int map_for_all(struct guest_region *region, size_t offset, size_t bytes) {
    void *at = mmap(region->base + offset, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return at == MAP_FAILED ? errno : 0;
}

static int unmap_for_all(struct guest_region *region, size_t offset, size_t bytes) {
    return munmap(region->base + offset, bytes) ? errno : 0;
}

static int protect_for_all(struct guest_region *region, size_t offset, size_t bytes, int prot) {
    return mprotect(region->base + offset, bytes, prot) ? errno : 0;
}

/* What the donor does: maps the memory and gives it away. Returns its exit status. */
static int donate(const struct guest_region *region) {
    void *at = mmap(region->base, region->size_bytes, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    return at != region->base || mshare(region->name, region->base, region->window_bytes, O_CREAT | O_EXCL | O_RDWR, 0600);
}

static void create(struct guest_region *region) {
    int donor = fork();
    if (donor < 0) {
        guest_fail("fork");
    }
    if (!donor) {
        _exit(donate(region));
    }
    if (guest_wait(donor)) {
        guest_refuse(1, "the region could not be made");
    }
}

static void attach(struct guest_region *region) {
    if (mshare(region->name, region->base, region->window_bytes, O_RDWR, 0600)) {
        guest_fail("mshare");
    }
}

static void detach(struct guest_region *region) {
    if (mshare_unlink(region->name)) {
        guest_fail("mshare_unlink");
    }
}

/* Takes the donor's share back, and with it the name. */
static void destroy(struct guest_region *region) {
    detach(region);
}

const struct guest_design guest_design_mshare_2022 = {
    .name = "mshare-2022",
    .create = create,
    .attach = attach,
    .detach = detach,
    .destroy = destroy,
    .protect_for_all = protect_for_all,
    .map_for_all = map_for_all,
    .unmap_for_all = unmap_for_all,
};
