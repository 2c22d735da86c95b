/*
 * Writes code and runs it: in a page that is writable and executable, in one that is first one and then the other,
 * through a second mapping of the same memory, and after fork.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

typedef int generated(void);

enum { FUNCTION_BYTES = 16 };

/* Writes a function that returns `value` (0 to 2047). */
static void write_function(unsigned char *at, int value) {
#if defined(__x86_64__)
    unsigned char code[] = {0xb8, value & 0xff, value >> 8 & 0xff, 0, 0, 0xc3}; /* mov eax, value; ret */
#else
    uint32_t code[] = {(uint32_t) value << 20 | 0x513, 0x8067}; /* li a0, value; ret */
#endif
    memcpy(at, code, sizeof code);
}

static int run(unsigned char *at) {
    __builtin___clear_cache((char *) at, (char *) at + FUNCTION_BYTES);
#if defined(__riscv)
    __asm__ volatile("fence.i" : : : "memory");
#endif
    return ((generated *) at)();
}

static unsigned char *map(int rights, int flags, int fd) {
    void *memory = mmap(NULL, 2 * GUEST_PAGE_BYTES, rights, flags, fd, 0);
    if (memory == MAP_FAILED) {
        guest_fail("mmap");
    }
    return memory;
}

static void writable_and_executable(void) {
    unsigned char *code = map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    long sum = 0;
    for (int value = 0; value < 500; value++) {
        /* Another function in the same page, one in the next, and one that lies across both. */
        write_function(code, value);
        write_function(code + 64, value + 1);
        write_function(code + GUEST_PAGE_BYTES - 4, value + 2);
        sum = sum * 3 + run(code) + run(code + 64) + run(code + GUEST_PAGE_BYTES - 4);
        sum &= 0xffffff;
    }
    printf("writable and executable: %ld\n", sum);
}

static void one_after_the_other(void) {
    unsigned char *code = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    long sum = 0;
    for (int value = 0; value < 200; value++) {
        if (mprotect(code, 2 * GUEST_PAGE_BYTES, PROT_READ | PROT_WRITE)) {
            guest_fail("mprotect");
        }
        write_function(code + value % 8 * FUNCTION_BYTES, value);
        if (mprotect(code, 2 * GUEST_PAGE_BYTES, PROT_READ | PROT_EXEC)) {
            guest_fail("mprotect");
        }
        sum = (sum * 3 + run(code + value % 8 * FUNCTION_BYTES)) & 0xffffff;
    }
    printf("one after the other: %ld\n", sum);
}

static void two_mappings(void) {
    int fd = memfd_create("code", 0);
    if (fd < 0 || ftruncate(fd, 2 * GUEST_PAGE_BYTES)) {
        guest_fail("memfd");
    }
    unsigned char *written = map(PROT_READ | PROT_WRITE, MAP_SHARED, fd);
    unsigned char *executed = map(PROT_READ | PROT_EXEC, MAP_SHARED, fd);
    long sum = 0;
    for (int value = 0; value < 300; value++) {
        write_function(written + 32, value);
        sum = (sum * 3 + run(executed + 32)) & 0xffffff;
    }
    unsigned char function[FUNCTION_BYTES] = {0};
    write_function(function, 1234);
    if (pwrite(fd, function, sizeof function, 32) != sizeof function) {
        guest_fail("pwrite");
    }
    printf("two mappings: %ld, by write(2) %d\n", sum, run(executed + 32));
}

/* Child and parent change the same inherited page of code; each runs its own. */
static void after_fork(void) {
    unsigned char *code = map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    write_function(code, 1);
    int before = run(code);
    pid_t child = fork();
    if (!child) {
        int inherited = run(code);
        write_function(code, 2);
        _exit(inherited * 10 + run(code));
    }
    write_function(code, 3);
    int own = run(code);
    int status = guest_wait(child);
    printf("after fork: before %d, child %d, parent %d %d\n", before, WEXITSTATUS(status), own, run(code));
}

int main(void) {
    guest_mark("rwx");
    writable_and_executable();
    guest_mark("w-then-x");
    one_after_the_other();
    guest_mark("alias");
    two_mappings();
    guest_mark("fork");
    fflush(stdout);
    after_fork();
    return 0;
}
