/* mremap: in place, moved, to a given address, of private and of shared memory; and munmap of parts. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mremap-brk.h"

#define PAGE GUEST_PAGE_BYTES

static unsigned char *map(size_t pages, int flags) {
    void *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        guest_fail("mmap");
    }
    return memory;
}

static void in_place(void) {
    unsigned char *memory = map(16, MAP_PRIVATE);
    fill_pages(memory, 16, 1);
    munmap(memory + 8 * PAGE, 8 * PAGE);
    guest_check("grow into a hole stays", mremap(memory, 8 * PAGE, 12 * PAGE, 0) == memory);
    guest_check("grown: old pages kept, new pages zero", pages_hold(memory, 8, 1) && !memory[8 * PAGE] && !memory[12 * PAGE - 1]);
    guest_check("shrink stays", mremap(memory, 12 * PAGE, 4 * PAGE, 0) == memory);
    guest_check("shrunk: rest is gone", pages_hold(memory, 4, 1) && is_mapped(memory + 3 * PAGE) && !is_mapped(memory + 4 * PAGE));
    unsigned char *wall = mmap(memory + 4 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    guest_check("a wall behind it", wall == memory + 4 * PAGE);
    guest_check_errno("grow against the wall", errno_of((long) mremap(memory, 4 * PAGE, 6 * PAGE, 0)), ENOMEM);
    unsigned char *moved = mremap(memory, 4 * PAGE, 600 * PAGE, MREMAP_MAYMOVE);
    guest_check("grow by moving", moved != MAP_FAILED && moved != memory && pages_hold(moved, 4, 1));
    guest_check("moved: old place is gone", !is_mapped(memory));
    fill_pages(moved, 600, 2);
    guest_check("moved: all of it works", pages_hold(moved, 600, 2));
    munmap(moved, 600 * PAGE);
    munmap(wall, PAGE);
}

static void to_address(void) {
    unsigned char *from = map(8, MAP_PRIVATE);
    unsigned char *to = map(32, MAP_PRIVATE);
    fill_pages(from, 8, 3);
    fill_pages(to, 32, 4);
    unsigned char *at = mremap(from + 2 * PAGE, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + 10 * PAGE);
    guest_check("move the middle over another mapping", at == to + 10 * PAGE);
    guest_check("moved: hole between", is_mapped(from + PAGE) && !is_mapped(from + 2 * PAGE) && is_mapped(from + 6 * PAGE));
    unsigned char expected[8 * PAGE];
    fill_pages(expected, 8, 3);
    guest_check("moved: content", !memcmp(at, expected + 2 * PAGE, 4 * PAGE));
    guest_check("moved: neighbours", pages_hold(to, 10, 4));
    guest_check_errno("unaligned address", errno_of((long) mremap(from + 1, PAGE, PAGE, 0)), EINVAL);
    guest_check_errno("new size 0", errno_of((long) mremap(from, PAGE, 0, 0)), EINVAL);
    guest_check_errno("overlapping move",
                      errno_of((long) mremap(to, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + PAGE)), EINVAL);
    munmap(to, 32 * PAGE);
    guest_check_errno("nothing there", errno_of((long) mremap(to, PAGE, 2 * PAGE, MREMAP_MAYMOVE)), EFAULT);
    munmap(from, 8 * PAGE);
}

/* A shared mapping that one process moves: both still see each other. */
static void shared(void) {
    unsigned char *memory = map(8, MAP_SHARED);
    uint32_t *steps = guest_shared_memory(PAGE);
    fill_pages(memory, 8, 5);
    pid_t child = fork();
    if (!child) {
        unsigned char *moved = mremap(memory, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, memory - (1ul << 30));
        int right = moved == memory - (1ul << 30) && pages_hold(moved, 8, 5);
        fill_pages(moved, 8, 6);
        __atomic_store_n(&steps[0], 1, __ATOMIC_RELEASE);
        guest_await(&steps[1], 1);
        _exit(right && pages_hold(moved, 8, 7) ? 0 : 1);
    }
    guest_await(&steps[0], 1);
    int seen = pages_hold(memory, 8, 6);
    fill_pages(memory, 8, 7);
    __atomic_store_n(&steps[1], 1, __ATOMIC_RELEASE);
    guest_check("shared memory moved by the child", guest_wait(child) == 0 && seen);
    munmap(memory, 8 * PAGE);
}

static void after_fork(void) {
    unsigned char *memory = map(8, MAP_PRIVATE);
    fill_pages(memory, 8, 8);
    pid_t child = fork();
    if (!child) {
        unsigned char *moved = mremap(memory, 8 * PAGE, 16 * PAGE, MREMAP_MAYMOVE);
        int right = moved != MAP_FAILED && pages_hold(moved, 8, 8);
        fill_pages(moved, 16, 9);
        _exit(right && pages_hold(moved, 16, 9) ? 0 : 1);
    }
    guest_check("copy-on-write memory moved by the child", guest_wait(child) == 0 && pages_hold(memory, 8, 8));
    munmap(memory, 8 * PAGE);
}

static void many_parts(void) {
    unsigned char *memory = map(64, MAP_PRIVATE);
    fill_pages(memory, 64, 10);
    for (int page = 1; page < 64; page += 2) {
        munmap(memory + page * PAGE, PAGE);
    }
    int right = 1;
    for (int page = 0; page < 64; page++) {
        right &= is_mapped(memory + page * PAGE) == (page % 2 == 0);
    }
    guest_check("every second page unmapped", right);
    guest_check_errno("munmap over holes", errno_of(munmap(memory, 64 * PAGE)), 0);
    guest_check_errno("munmap of nothing", errno_of(munmap(memory, 64 * PAGE)), 0);
    guest_check_errno("munmap unaligned", errno_of(munmap(memory + 1, PAGE)), EINVAL);
    guest_check_errno("mmap of length 0",
                      errno_of((long) mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)), EINVAL);
    guest_check_errno("mmap without kind", errno_of((long) mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0)), EINVAL);
    memory = map(4, MAP_PRIVATE);
    guest_check_errno("MAP_FIXED_NOREPLACE over a mapping",
                      errno_of((long) mmap(memory, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0)),
                      EEXIST);
    memory[5] = 7;
    madvise(memory, 4 * PAGE, MADV_DONTNEED);
    guest_check("MADV_DONTNEED gives zeroes", memory[5] == 0);
    munmap(memory, 4 * PAGE);
}

void check_mremap(void) {
    in_place();
    to_address();
    shared();
    after_fork();
    many_parts();
}
