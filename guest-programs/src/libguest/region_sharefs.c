/* The design "sharefs": a file of a file system whose mappings share tables. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "design.h"

static void path_of(const struct guest_region *region, char *path, size_t path_bytes) {
    if ((size_t) snprintf(path, path_bytes, "/sharefs/%s", region->name) >= path_bytes) {
        guest_refuse(1, "name of the region is too long");
    }
}

static void create(struct guest_region *region) {
    char path[256];
    path_of(region, path, sizeof path);
    region->fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (region->fd < 0) {
        guest_fail(path);
    }
    if (ftruncate(region->fd, (off_t) region->size_bytes)) {
        guest_fail("size of the region");
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

/* No call acts for all: what a process changes, it changes for itself. */
const struct guest_design guest_design_sharefs = {
    .name = "sharefs",
    .create = create,
    .attach = guest_private_attach,
    .detach = guest_private_detach,
    .destroy = destroy,
    .map = guest_private_map,
};
