/* The design "hugetlb": every process maps the same memfd of 2 MiB pages, for which the machine's pool is enlarged. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "design.h"

#define POOL "/proc/sys/vm/nr_hugepages"
#define POOL_STATE "/sys/kernel/mm/hugepages/hugepages-2048kB/"

static size_t mapped_bytes(const struct guest_region *region) {
    return (region->size_bytes + GUEST_HUGE_PAGE_BYTES - 1) / GUEST_HUGE_PAGE_BYTES * GUEST_HUGE_PAGE_BYTES;
}

static unsigned long number_in(const char *path) {
    char text[32] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) {
        close(fd);
    }
    return length > 0 ? strtoul(text, NULL, 10) : 0;
}

static unsigned long pool_pages(void) {
    return number_in(POOL);
}

int guest_huge_pages_add(unsigned long pages) {
    char text[32];
    unsigned long wanted = pool_pages() + pages;
    int length = snprintf(text, sizeof text, "%lu", wanted);
    int fd = open(POOL, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno;
    }
    int error = write(fd, text, (size_t) length) == length ? 0 : errno;
    close(fd);
    return error ? error : pool_pages() < wanted ? ENOMEM : 0;
}

int guest_huge_pages(unsigned long pages) {
    unsigned long free_pages = number_in(POOL_STATE "free_hugepages") - number_in(POOL_STATE "resv_hugepages");
    /* A real machine's pool is not ours to change. */
    return free_pages >= pages || (getenv("SHAREWALK_DESIGN") && !guest_huge_pages_add(pages - free_pages));
}

void guest_hugetlb_create(struct guest_region *region) {
    region->page_bytes = GUEST_HUGE_PAGE_BYTES;
    errno = guest_huge_pages_add(mapped_bytes(region) / GUEST_HUGE_PAGE_BYTES);
    if (errno) {
        guest_fail("more huge pages in " POOL);
    }
    region->fd = memfd_create(region->name, MFD_CLOEXEC | MFD_HUGETLB);
    if (region->fd < 0) {
        guest_fail("memfd_create with MFD_HUGETLB");
    }
    if (ftruncate(region->fd, (off_t) mapped_bytes(region))) {
        guest_fail("size of the region");
    }
}

static void attach(struct guest_region *region) {
    void *at = mmap(region->base, mapped_bytes(region), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE,
                    region->fd, 0);
    if (at != region->base) {
        guest_fail("attach region");
    }
}

static void detach(struct guest_region *region) {
    if (munmap(region->base, mapped_bytes(region))) {
        guest_fail("detach region");
    }
}

const struct guest_design guest_design_hugetlb = {
    .name = "hugetlb",
    .create = guest_hugetlb_create,
    .attach = attach,
    .detach = detach,
    .destroy = guest_private_destroy,
    .map = guest_private_map,
};
