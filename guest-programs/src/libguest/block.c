/* Blocks of leaf tables, and minor faults in them. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "block.h"
#include "guest.h"

unsigned char *guest_free_blocks(size_t blocks) {
    size_t bytes = (blocks + 1) * BLOCK_BYTES;
    unsigned char *at = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED || munmap(at, bytes)) {
        guest_fail("room for blocks");
    }
    return (unsigned char *) (((uintptr_t) at + BLOCK_BYTES - 1) & -BLOCK_BYTES);
}

int guest_block_file(size_t blocks) {
    int fd = memfd_create("blocks", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, (off_t) (blocks * BLOCK_BYTES))) {
        guest_fail("file of blocks");
    }
    return fd;
}

void guest_map_blocks(unsigned char *at, int fd, size_t bytes, int prot) {
    if (mmap(at, bytes, prot, MAP_SHARED | MAP_FIXED, fd, 0) != at) {
        guest_fail("map blocks");
    }
}

void guest_store_pages(unsigned char *at, size_t pages, int value) {
    for (size_t page = 0; page < pages; page++) {
        *(volatile unsigned char *) (at + page * GUEST_PAGE_BYTES) = (unsigned char) value;
    }
}

long guest_load_pages(const unsigned char *at, size_t pages) {
    long sum = 0;
    for (size_t page = 0; page < pages; page++) {
        sum += *(const volatile unsigned char *) (at + page * GUEST_PAGE_BYTES);
    }
    return sum;
}

static void access_pages(unsigned char *at, size_t pages, int store) {
    if (store) {
        guest_store_pages(at, pages, store);
    } else {
        (void) guest_load_pages(at, pages);
    }
}

long guest_own_faults(unsigned char *at, size_t pages, int store) {
    /* What this code itself needs is brought in first. */
    unsigned char warm = 0;
    access_pages(&warm, 1, store);
    access_pages(&warm, 1, 0);
    long before = guest_minor_faults();
    before = guest_minor_faults();
    access_pages(at, pages, store);
    return guest_minor_faults() - before;
}

long guest_child_faults(void (*prepare)(void), unsigned char *at, size_t pages, int store) {
    long *faults = guest_shared_memory(sizeof *faults);
    pid_t pid = fork();
    if (pid < 0) {
        guest_fail("fork");
    }
    if (pid == 0) {
        *faults = -1;
        if (prepare) {
            prepare();
        }
        *faults = guest_own_faults(at, pages, store);
        _exit(0);
    }
    int status = guest_wait(pid);
    return WIFSIGNALED(status) ? -1 : *faults;
}
