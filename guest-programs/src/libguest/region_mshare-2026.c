/* The design "mshare-2026": a region made and changed by system calls, attached by each process. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "design.h"
#include "mshare-2026.h"

static int map_for_all(struct guest_region *region, size_t offset, size_t bytes) {
    struct mshare_map map = {
        .offset = offset,
        .size = bytes,
        .prot = PROT_READ | PROT_WRITE,
        .flags = MAP_SHARED | MAP_ANONYMOUS,
        .fd = -1,
    };
    return mshare_map(region->fd, &map, sizeof map) ? errno : 0;
}

static int map_file_for_all(struct guest_region *region, size_t offset, size_t bytes,
                            const struct guest_file_part *file) {
    struct mshare_map map = {
        .offset = offset,
        .size = bytes,
        .file_offset = file->offset,
        .prot = (uint32_t) file->prot,
        .flags = MAP_SHARED,
        .fd = file->fd,
    };
    return mshare_map(region->fd, &map, sizeof map) ? errno : 0;
}

static int unmap_for_all(struct guest_region *region, size_t offset, size_t bytes) {
    return mshare_unmap(region->fd, offset, bytes) ? errno : 0;
}

static int protect_for_all(struct guest_region *region, size_t offset, size_t bytes, int prot) {
    return mshare_protect(region->fd, offset, bytes, prot) ? errno : 0;
}

static void create(struct guest_region *region) {
    region->fd = mshare_create(O_CLOEXEC);
    if (region->fd < 0) {
        guest_fail("mshare_create");
    }
    if (ftruncate(region->fd, (off_t) region->size_bytes)) {
        guest_fail("size of the region");
    }
    errno = map_for_all(region, 0, region->size_bytes);
    if (errno) {
        guest_fail("mshare_map");
    }
}

static void attach(struct guest_region *region) {
    if (mshare_attach(region->fd, 0, region->size_bytes, region->base, MAP_FIXED_NOREPLACE) != region->base) {
        guest_fail("mshare_attach");
    }
}

static void detach(struct guest_region *region) {
    if (mshare_detach(region->base)) {
        guest_fail("mshare_detach");
    }
}

static void destroy(struct guest_region *region) {
    close(region->fd);
}

const struct guest_design guest_design_mshare_2026 = {
    .name = "mshare-2026",
    .create = create,
    .attach = attach,
    .detach = detach,
    .destroy = destroy,
    .protect_for_all = protect_for_all,
    .map_for_all = map_for_all,
    .unmap_for_all = unmap_for_all,
    .map_file_for_all = map_file_for_all,
};
