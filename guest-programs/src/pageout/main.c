/*
 * Reclaim by MADV_PAGEOUT seen from a program: whatever the kernel makes of the advice, no byte changes. Where there is
 * swap, pages go there and come back; nothing printed depends on it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#ifndef MADV_COLD
#define MADV_COLD 20
#define MADV_PAGEOUT 21
#endif

#define PAGES 16
#define BYTES (PAGES * GUEST_PAGE_BYTES)

static void fill(unsigned char *memory, unsigned seed) {
    for (size_t page = 0; page < PAGES; page++) {
        memset(memory + page * GUEST_PAGE_BYTES, (int) (seed + page) & 0xff, GUEST_PAGE_BYTES);
    }
}

static int holds(const unsigned char *memory, unsigned seed) {
    for (size_t byte = 0; byte < BYTES; byte++) {
        if (memory[byte] != ((seed + byte / GUEST_PAGE_BYTES) & 0xff)) {
            return 0;
        }
    }
    return 1;
}

static int page_out(unsigned char *memory, size_t bytes) {
    return madvise(memory, bytes, MADV_PAGEOUT) ? errno : 0;
}

static void private_memory(void) {
    unsigned char *memory = guest_fresh_memory(BYTES);
    fill(memory, 1);
    guest_check_errno("cold", madvise(memory, BYTES, MADV_COLD) ? errno : 0, 0);
    guest_check_errno("page out private memory", page_out(memory, BYTES), 0);
    guest_check("private memory is read back", holds(memory, 1));
    page_out(memory, BYTES);
    fill(memory, 2);
    guest_check("private memory is written after", holds(memory, 2));
    page_out(memory, BYTES);
    pid_t pid = fork();
    if (pid == 0) {
        int before = holds(memory, 2);
        fill(memory, 3);
        _exit(before && holds(memory, 3) ? 0 : 1);
    }
    guest_check("a child reads and writes its copy", guest_wait(pid) == 0);
    guest_check("the parent's is unchanged", holds(memory, 2));
    page_out(memory, BYTES);
    mprotect(memory, BYTES, PROT_NONE);
    page_out(memory, BYTES);
    mprotect(memory, BYTES, PROT_READ | PROT_WRITE);
    guest_check("rights taken and given back", holds(memory, 2));
    page_out(memory, BYTES);
    unsigned char *moved = mremap(memory, BYTES, 2 * BYTES, MREMAP_MAYMOVE);
    guest_check("moved and enlarged", moved != MAP_FAILED && holds(moved, 2) && moved[BYTES] == 0);
    page_out(moved, BYTES);
    madvise(moved, GUEST_PAGE_BYTES, MADV_DONTNEED);
    guest_check("dropped after", moved[0] == 0 && moved[GUEST_PAGE_BYTES] == 3);
    guest_check_errno("lock", mlock(moved, GUEST_PAGE_BYTES) ? errno : 0, 0);
    guest_check_errno("page out locked memory", page_out(moved, GUEST_PAGE_BYTES), EINVAL);
    guest_check_errno("page out a hole", page_out((unsigned char *) 0x1000, GUEST_PAGE_BYTES), ENOMEM);
    guest_check_errno("page out an odd address", page_out(moved + 1, GUEST_PAGE_BYTES), EINVAL);
    munmap(moved, 2 * BYTES);
}

static void shared_memory(void) {
    int fd = memfd_create("pageout", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, BYTES)) {
        guest_fail("memfd");
    }
    unsigned char *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    unsigned char *again = mmap(NULL, BYTES, PROT_READ, MAP_SHARED, fd, 0);
    unsigned char *copies = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (memory == MAP_FAILED || again == MAP_FAILED || copies == MAP_FAILED) {
        guest_fail("mmap");
    }
    fill(memory, 4);
    guest_check_errno("page out shared memory", page_out(memory, BYTES), 0);
    guest_check("shared memory is read back elsewhere", holds(again, 4));
    guest_check_errno("page out what is mapped twice", page_out(memory, BYTES), 0);
    guest_check("it is unchanged", holds(memory, 4) && holds(again, 4));
    copies[0] = 99;
    guest_check_errno("page out a private copy", page_out(copies, BYTES), 0);
    guest_check("the copy is kept", copies[0] == 99 && memory[0] == 4 && copies[GUEST_PAGE_BYTES] == 5);
    munmap(again, BYTES);
    munmap(copies, BYTES);
    page_out(memory, BYTES);
    unsigned char byte = 0;
    guest_check("read(2) finds it", pread(fd, &byte, 1, 3 * GUEST_PAGE_BYTES) == 1 && byte == 7);
    byte = 77;
    guest_check("write(2) finds it", pwrite(fd, &byte, 1, 5 * GUEST_PAGE_BYTES + 1) == 1);
    guest_check("and so does the mapping", memory[5 * GUEST_PAGE_BYTES] == 9 && memory[5 * GUEST_PAGE_BYTES + 1] == 77);
    memory[5 * GUEST_PAGE_BYTES + 1] = 9;
    page_out(memory, BYTES);
    guest_check("the file keeps its size", lseek(fd, 0, SEEK_END) == (off_t) BYTES);
    guest_check("and has no hole", lseek(fd, 0, SEEK_HOLE) == (off_t) BYTES);
    guest_check("truncated and enlarged", !ftruncate(fd, 2 * GUEST_PAGE_BYTES) && !ftruncate(fd, BYTES));
    guest_check("zero where it was cut off", memory[GUEST_PAGE_BYTES] == 5 && memory[2 * GUEST_PAGE_BYTES] == 0);
    munmap(memory, BYTES);
    close(fd);
}

int main(void) {
    private_memory();
    shared_memory();
    return guest_checks_status();
}
