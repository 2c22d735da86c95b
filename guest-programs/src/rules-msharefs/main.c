/* The rules of msharefs v3, as its patches state them: one line each. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../libguest/design.h"
#include "rules.h"

size_t slot;

int new_region(const char *name) {
    int fd = open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
    if (fd < 0) {
        guest_fail(name);
    }
    return fd;
}

int sized_region(const char *name, size_t slots) {
    int fd = new_region(name);
    if (ftruncate(fd, (off_t) (slots * slot))) {
        guest_fail("size of a region");
    }
    return fd;
}

int create_object(int fd, uint64_t offset, uint64_t size, uint32_t prot, uint32_t flags, int object) {
    struct mshare_create argument = {offset, size, 0, prot, flags, (uint32_t) object};
    return probe_errno(ioctl(fd, MSHAREFS_CREATE_MAPPING, &argument));
}

int create_pages(int fd, uint64_t first_page, uint64_t pages) {
    return create_object(fd, first_page * PAGE, pages * PAGE, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS, -1);
}

int unmap_object(int fd, uint64_t offset, uint64_t size) {
    struct mshare_unmap argument = {offset, size};
    return probe_errno(ioctl(fd, MSHAREFS_UNMAP, &argument));
}

unsigned char *window_of(int fd, size_t slots) {
    unsigned char *window = mmap(NULL, slots * slot, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (window == MAP_FAILED) {
        guest_fail("window");
    }
    return window;
}

int map_errno(int fd, void *hint, size_t bytes, int prot, int flags) {
    void *at = mmap(hint, bytes, prot, flags, fd, 0);
    if (at == MAP_FAILED) {
        return errno;
    }
    munmap(at, bytes);
    return 0;
}

int main(void) {
    slot = guest_msharefs_alignment();
    if (!slot) {
        guest_refuse(1, "no msharefs at " ROOT);
    }
    try_files();
    try_objects();
    try_huge_objects();
    try_windows();
    try_sharing();
    try_owners();
    try_memory();
    return guest_rules_end();
}
