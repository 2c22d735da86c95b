/* Checks that a program makes of itself, and memory to make them on. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "guest.h"

static int failures;

void guest_check(const char *what, int holds) {
    failures += !holds;
    printf("%s: %s\n", what, holds ? "ok" : "FAILED");
}

static const char *errno_name(int value) {
    const char *name = value ? strerrorname_np(value) : "success";
    return name ? name : "unknown";
}

void guest_check_errno(const char *what, int result, int expected) {
    if (result == expected) {
        printf("%s: %s\n", what, errno_name(result));
    } else {
        failures++;
        printf("%s: FAILED, %s where %s was due\n", what, errno_name(result), errno_name(expected));
    }
}

int guest_checks_status(void) {
    return failures != 0;
}

unsigned char *guest_fresh_memory(size_t size_bytes) {
    void *memory = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        guest_fail("mmap");
    }
    madvise(memory, size_bytes, MADV_NOHUGEPAGE);
    return memory;
}
