/* Sections 1.6, 1.7, 1.9 and 1.11: what a mount forbids, which faults are taken, and whose the memory is. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules.h"

#define PAGES 64
#define RW (PROT_READ | PROT_WRITE)
#define RX (PROT_READ | PROT_EXEC)

/* Returns the number that a format finds in the first line of a file that it fits; -1 if there is none. */
static long number_of(const char *path, const char *format) {
    static char line[512];
    long number = -1;
    FILE *file = fopen(path, "r");
    while (file && number < 0 && fgets(line, sizeof line, file)) {
        sscanf(line, format, &number);
    }
    if (file) {
        fclose(file);
    }
    return number;
}

static long free_kib(void) {
    return number_of("/proc/meminfo", "MemFree: %ld");
}

static void try_noexec(void) {
    if (mkdir("/tmp/noexec", 0700) || mount("msharefs", "/tmp/noexec", "msharefs", MS_NOEXEC, NULL)) {
        guest_fail("mount msharefs");
    }
    int fd = sized_region("/tmp/noexec/region", 1);
    guest_rule_errno("D", "1.7: a window with PROT_EXEC, the mount says noexec: EPERM",
                     map_errno(fd, NULL, slot, RX, MAP_SHARED), EPERM);
    guest_rule_errno("D", "1.7: one without it is mapped", map_errno(fd, NULL, slot, RW, MAP_SHARED), 0);
    close(fd);
    umount("/tmp/noexec");
    if (mount("tmpfs", "/tmp/noexec", "tmpfs", MS_NOEXEC, NULL)) {
        guest_fail("mount tmpfs");
    }
    int object = open("/tmp/noexec/object", O_CREAT | O_RDWR, 0600);
    fd = sized_region(ROOT "/noexec", 1);
    guest_rule_errno("D", "1.6 row 14: PROT_EXEC of a file whose mount says noexec: EPERM",
                     create_object(fd, 0, PAGE, RX, MAP_SHARED | MAP_FIXED, object), EPERM);
    guest_rule_errno("D", "1.6 row 14: the same file without it",
                     create_object(fd, 0, PAGE, RW, MAP_SHARED | MAP_FIXED, object), 0);
    close(fd);
    close(object);
    unlink(ROOT "/noexec");
    unlink("/tmp/noexec/object");
    umount("/tmp/noexec");
    rmdir("/tmp/noexec");
}

static void try_larger(void) {
    size_t slots = 1ul << 18;
    int fd = sized_region(ROOT "/larger", slots);
    guest_rule_errno("P", "1.7: a region larger than the address space: ENOMEM",
                     map_errno(fd, NULL, slots * slot, RW, MAP_SHARED), ENOMEM);
    close(fd);
    unlink(ROOT "/larger");
}

static unsigned char *window;

/* Returns the minor faults of a load from two pages that others have touched, 10 times the first's and the second's. */
static int load_two(void *nothing) {
    long start = guest_minor_faults();
    uint64_t first = probe_value(window);
    long middle = guest_minor_faults();
    uint64_t second = probe_value(window + PAGE);
    long end = guest_minor_faults();
    return first == 1 && second == 2 ? (int) (10 * (middle - start) + end - middle) : 200;
}

static long faults_of_store(unsigned number) {
    long before = guest_minor_faults();
    probe_write(window + number * PAGE, number + 1);
    return guest_minor_faults() - before;
}

static void try_faults(int fd) {
    uint64_t value;
    /* The signal's handler and stack are brought in first. */
    probe_read(NULL, &value);
    create_pages(fd, 0, PAGES);
    probe_write(window, 1);
    guest_rule("D", "1.9: in a slot that is linked a fresh page takes one fault", faults_of_store(1) == 1);
    int faults = probe_in_child(load_two, NULL);
    guest_rule("D", "1.9: another process takes one, the link, for a page that is there", faults / 10 == 1);
    guest_rule("D", "1.9: and none for the next", faults % 10 == 0);
}

static void try_memory_of(int fd) {
    /* Once before, which brings in what reading takes. */
    free_kib();
    long left = free_kib();
    for (unsigned page = 2; page < PAGES; page++) {
        probe_write(window + page * PAGE, page);
    }
    long taken = (PAGES - 2) * (long) PAGE / 1024;
    unlink(ROOT "/memory");
    close(fd);
    guest_rule("D", "1.11: with a window left, the region keeps its memory", left - free_kib() >= taken);
    munmap(window, slot);
    guest_rule("D", "1.11: the last reference frees it", left - free_kib() <= 0);
}

void try_memory(void) {
    try_noexec();
    try_larger();
    int fd = sized_region(ROOT "/memory", 1);
    window = window_of(fd, 1);
    try_faults(fd);
    try_memory_of(fd);
}
