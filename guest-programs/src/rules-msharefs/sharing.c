/* Sections 1.9, 1.11, 1.13 and 1.14: faults, tearing down, fork, and what file-backed objects do. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rules.h"

#define RW (PROT_READ | PROT_WRITE)

static int fd;
static unsigned char *window;
static uint32_t *steps;

/* Sees in the child's window what the parent does meanwhile. */
static int watch_changes(void *nothing) {
    unsigned char *mine = window_of(fd, 1);
    int wrong = mine == window;
    wrong |= probe_value(mine) != 41;
    __atomic_store_n(&steps[0], 1, __ATOMIC_RELEASE);
    guest_await(&steps[1], 1);
    wrong |= (probe_read(mine, &(uint64_t){0}) != 1) << 1;
    __atomic_store_n(&steps[0], 2, __ATOMIC_RELEASE);
    guest_await(&steps[1], 2);
    wrong |= (probe_value(mine) != 42) << 2;
    wrong |= probe_write(mine + 8, 43) << 3;
    return wrong;
}

static void try_changes(void) {
    create_pages(fd, 0, 2);
    window = window_of(fd, 1);
    probe_write(window, 41);
    pid_t child = fork();
    if (!child) {
        _exit(watch_changes(NULL));
    }
    guest_await(&steps[0], 1);
    unmap_object(fd, 0, PAGE);
    __atomic_store_n(&steps[1], 1, __ATOMIC_RELEASE);
    guest_await(&steps[0], 2);
    create_pages(fd, 0, 1);
    probe_write(window, 42);
    __atomic_store_n(&steps[1], 2, __ATOMIC_RELEASE);
    int status = guest_wait(child);
    int wrong = status >> 8;
    guest_rule("P", "1.9: processes share a region at different addresses", !(wrong & 1));
    guest_rule("P", "1.11: MSHAREFS_UNMAP is seen by all at once", !(wrong & 2));
    guest_rule("D", "1.11: a new object appears for all, with no call of theirs", !(wrong & 4));
    guest_rule("P", "1.9: an entry anybody installs is everybody's", !(wrong & 8) && probe_value(window + 8) == 43);
}

static void try_faults(void) {
    int object = memfd_create("object", 0);
    uint64_t value;
    guest_rule("P", "1.9: no object at an address is SEGV_MAPERR", probe_read(window + 100 * PAGE, &value) == 1);
    create_object(fd, 4 * PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS, -1);
    guest_rule("P", "1.9: the object's rights decide: SEGV_ACCERR",
               probe_write(window + 4 * PAGE, 1) == 2 && probe_value(window + 4 * PAGE) == 0);
    if (ftruncate(object, PAGE)) {
        guest_fail("object");
    }
    create_object(fd, 8 * PAGE, 2 * PAGE, RW, MAP_SHARED | MAP_FIXED, object);
    guest_rule("P", "1.9: beyond the end of an object's file is SIGBUS", probe_read(window + 9 * PAGE, &value) == PROBE_BUS);
    guest_rule("P", "1.14: a memfd is an object", !probe_write(window + 8 * PAGE, 7));
    value = 0;
    guest_rule("D", "1.14: its pages are the file's", pread(object, &value, 8, 0) == 8 && value == 7);
    fallocate(object, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE);
    guest_rule("D", "1.14: a hole punched in the file is seen in the window", probe_value(window + 8 * PAGE) == 0);
    probe_write(window + 8 * PAGE, 8);
    guest_rule("D", "1.14: truncation is seen in the window",
               !ftruncate(object, 0) && probe_read(window + 8 * PAGE, &value) == PROBE_BUS);
    close(object);
    int ordinary = open("/tmp/ordinary", O_CREAT | O_RDWR, 0600);
    guest_rule_errno("P", "1.14: an ordinary file is an object",
                     ftruncate(ordinary, PAGE)
                         || create_object(fd, 12 * PAGE, PAGE, RW, MAP_SHARED | MAP_FIXED, ordinary), 0);
    close(ordinary);
    unlink("/tmp/ordinary");
}

static int use_inherited(void *nothing) {
    long before = guest_minor_faults();
    int works = probe_value(window) == 42 && !probe_write(window + 16, 44);
    return !works || guest_minor_faults() - before > 2;
}

static int drop_inherited(void *nothing) {
    return munmap(window, slot) || probe_value(window) != ~0ull;
}

static void try_ends(void) {
    guest_rule("P", "1.13: a child has the window, and finds what is there", !probe_in_child(use_inherited, NULL));
    guest_rule("P", "1.11: a child's writes stay when it exits", probe_value(window + 16) == 44);
    guest_rule("P", "1.11: munmap in a child takes the window from it", !probe_in_child(drop_inherited, NULL));
    guest_rule("P", "1.11: and from nobody else", probe_value(window) == 42);
    guest_rule_errno("P", "1.11: unlink while it is mapped", probe_errno(unlink(ROOT "/x")), 0);
    guest_rule_errno("D", "1.11: the name is gone", probe_errno(open(ROOT "/x", O_RDWR)), ENOENT);
    close(fd);
    guest_rule("D", "1.11: the region lives while a window shows it",
               probe_value(window) == 42 && !probe_write(window, 45) && probe_value(window) == 45);
    munmap(window, slot);
}

void try_sharing(void) {
    steps = guest_shared_memory(PAGE);
    fd = sized_region(ROOT "/x", 1);
    try_changes();
    try_faults();
    try_ends();
}
