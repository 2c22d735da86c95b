/* The design "container": a descriptor filled with a memfd by ioctl, mapped by each process. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "container.h"
#include "design.h"

/* The memfd keeps what was unmapped: mapping a range again shows it as it was. */
static int map_for_all(struct guest_region *region, size_t offset, size_t bytes) {
    struct container_map map = {
        .offset = offset,
        .size = bytes,
        .file_offset = offset,
        .prot = PROT_READ | PROT_WRITE,
        .fd = region->object_fd,
    };
    return ioctl(region->fd, CONTAINER_MAP, &map) ? errno : 0;
}

static int map_file_for_all(struct guest_region *region, size_t offset, size_t bytes,
                            const struct guest_file_part *file) {
    struct container_map map = {
        .offset = offset,
        .size = bytes,
        .file_offset = file->offset,
        .prot = (uint32_t) file->prot,
        .fd = file->fd,
    };
    return ioctl(region->fd, CONTAINER_MAP, &map) ? errno : 0;
}

static int unmap_for_all(struct guest_region *region, size_t offset, size_t bytes) {
    struct container_range range = {.offset = offset, .size = bytes};
    return ioctl(region->fd, CONTAINER_UNMAP, &range) ? errno : 0;
}

static int protect_for_all(struct guest_region *region, size_t offset, size_t bytes, int prot) {
    struct container_range range = {.offset = offset, .size = bytes, .prot = (uint32_t) prot};
    return ioctl(region->fd, CONTAINER_PROTECT, &range) ? errno : 0;
}

static void create(struct guest_region *region) {
    guest_private_create(region);
    region->object_fd = region->fd;
    region->fd = container_create(O_CLOEXEC);
    if (region->fd < 0) {
        guest_fail("container_create");
    }
    if (ftruncate(region->fd, (off_t) region->size_bytes)) {
        guest_fail("size of the container");
    }
    errno = map_for_all(region, 0, region->size_bytes);
    if (errno) {
        guest_fail("CONTAINER_MAP");
    }
}

static void destroy(struct guest_region *region) {
    close(region->fd);
    close(region->object_fd);
}

const struct guest_design guest_design_container = {
    .name = "container",
    .create = create,
    .attach = guest_private_attach,
    .detach = guest_private_detach,
    .destroy = destroy,
    .protect_for_all = protect_for_all,
    .map_for_all = map_for_all,
    .unmap_for_all = unmap_for_all,
    .map_file_for_all = map_file_for_all,
};
