/* The design "msharefs" (v3): a region file, sized once, filled by ioctl, mapped whole by every process. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "design.h"
#include "msharefs.h"

size_t guest_msharefs_alignment(void) {
    int saved_errno = errno;
    char text[32];
    ssize_t length = -1;
    int fd = open(MSHAREFS_ROOT "/mshare_info", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        length = read(fd, text, sizeof text - 1);
        close(fd);
    }
    errno = saved_errno;
    if (length <= 0) {
        return 0;
    }
    text[length] = 0;
    return strtoull(text, NULL, 10);
}

static void path_of(const struct guest_region *region, char *path, size_t path_bytes) {
    if ((size_t) snprintf(path, path_bytes, MSHAREFS_ROOT "/%s", region->name) >= path_bytes) {
        guest_refuse(1, "name of the region is too long");
    }
}

static int map_for_all(struct guest_region *region, size_t offset, size_t bytes) {
    struct mshare_create mapping = {
        .region_offset = offset,
        .size = bytes,
        .offset = 0,
        .prot = PROT_READ | PROT_WRITE,
        .flags = MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS,
        .fd = (uint32_t) -1,
    };
    return ioctl(region->fd, MSHAREFS_CREATE_MAPPING, &mapping) ? errno : 0;
}

static int map_file_for_all(struct guest_region *region, size_t offset, size_t bytes,
                            const struct guest_file_part *file) {
    struct mshare_create mapping = {
        .region_offset = offset,
        .size = bytes,
        .offset = file->offset,
        .prot = (uint32_t) file->prot,
        .flags = MAP_SHARED | MAP_FIXED,
        .fd = (uint32_t) file->fd,
    };
    return ioctl(region->fd, MSHAREFS_CREATE_MAPPING, &mapping) ? errno : 0;
}

/* What was unmapped is gone: map_for_all gives the range fresh pages. */
static int unmap_for_all(struct guest_region *region, size_t offset, size_t bytes) {
    struct mshare_unmap range = {.region_offset = offset, .size = bytes};
    return ioctl(region->fd, MSHAREFS_UNMAP, &range) ? errno : 0;
}

static void create(struct guest_region *region) {
    char path[256];
    path_of(region, path, sizeof path);
    if (!guest_msharefs_alignment()) {
        guest_refuse(1, "no msharefs at " MSHAREFS_ROOT);
    }
    region->fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (region->fd < 0) {
        guest_fail(path);
    }
    if (ftruncate(region->fd, (off_t) region->window_bytes)) {
        guest_fail("size of the region");
    }
    errno = map_for_all(region, 0, region->size_bytes);
    if (errno) {
        guest_fail("MSHAREFS_CREATE_MAPPING");
    }
}

static void attach(struct guest_region *region) {
    void *at = mmap(region->base, region->window_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE,
                    region->fd, 0);
    if (at != region->base) {
        guest_fail("attach region");
    }
}

static void detach(struct guest_region *region) {
    if (munmap(region->base, region->window_bytes)) {
        guest_fail("detach region");
    }
}

static void destroy(struct guest_region *region) {
    char path[256];
    path_of(region, path, sizeof path);
    if (unlink(path)) {
        guest_fail(path);
    }
    close(region->fd);
}

/* v3 has no call that changes a protection. */
const struct guest_design guest_design_msharefs = {
    .name = "msharefs",
    .create = create,
    .attach = attach,
    .detach = detach,
    .destroy = destroy,
    .map_for_all = map_for_all,
    .unmap_for_all = unmap_for_all,
    .map_file_for_all = map_file_for_all,
};
