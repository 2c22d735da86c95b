/* The rules of sharefs: what Falcato asked for, and what we decided (emulator/designs/sharefs.md). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest.h"
#include "probe.h"

#define PAGE GUEST_PAGE_BYTES
#define RW (PROT_READ | PROT_WRITE)
#define BYTES (6 * PAGE)
#define MIB2 (2ul << 20)

static int fd;
static unsigned char *window;
static uint32_t *steps;

static unsigned char *map(unsigned char *at, size_t bytes, int prot, int flags, off_t offset) {
    return mmap(at, bytes, prot, flags, fd, offset);
}

/* Returns whether touching a page that another process has faulted in costs this one a minor fault. */
static int faults_at(unsigned char *at) {
    /* After a fork our own stack and data are copied as they are written. */
    probe_value(steps);
    guest_minor_faults();
    long before = guest_minor_faults();
    probe_value(at);
    return guest_minor_faults() > before;
}

static int touch(void *at) {
    return probe_write(at, 8) != 0;
}

/* Whether a page, which nobody has touched before, is there for us when a child has faulted it in. */
static int shares(unsigned char *at, size_t page) {
    probe_value(at);
    return !probe_in_child(touch, at + page * PAGE) && !faults_at(at + page * PAGE);
}

static void try_file(const char *path) {
    uint64_t word = 5;
    fd = open(path, O_CREAT | O_EXCL | O_RDWR, 0600);
    guest_rule("T", "a file like any other: open, write, read, ftruncate",
               fd >= 0 && pwrite(fd, &word, 8, 0) == 8 && pread(fd, &word, 8, 0) == 8 && !ftruncate(fd, BYTES));
    guest_rule_errno("T", "and no ioctl", probe_errno(ioctl(fd, 0x7800, 0)), ENOTTY);
}

static void try_mapping(void) {
    window = map(NULL, BYTES, RW, MAP_SHARED, 0);
    guest_rule("T", "any size, at an address of the kernel's choice", window != MAP_FAILED && probe_value(window) == 5);
    guest_rule("O", "which is a slot's", (uintptr_t) window % MIB2 == 0);
    guest_rule("T", "tables are shared: a page that another process faulted in needs no fault", shares(window, 1));
    uint64_t value;
    guest_rule("O", "the padding holds nothing", probe_read(window + BYTES, &value) == 1);
    unsigned char *part = map(NULL, 2 * PAGE, RW, MAP_SHARED, PAGE);
    guest_rule("T", "any part of the file", part != MAP_FAILED && probe_value(part) == probe_value(window + PAGE));
    guest_rule("O", "which shows that part alone", probe_read(part + 2 * PAGE, &value) == 1);
    guest_rule_errno("O", "munmap of what was asked for", probe_errno(munmap(part, 2 * PAGE)), 0);
    guest_rule("O", "frees the padding too",
               mmap(part, MIB2, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == part);
    munmap(part, MIB2);
    unsigned char *odd = map(part + PAGE, BYTES, RW, MAP_SHARED | MAP_FIXED, 0);
    guest_rule("O", "a forced address that is no slot's works, with tables of its own",
               odd == part + PAGE && probe_value(odd) == 5 && !shares(odd, 4));
    munmap(odd, BYTES);
    unsigned char *private = map(NULL, BYTES, RW, MAP_PRIVATE, 0);
    guest_rule("O", "MAP_PRIVATE is as ever", !probe_write(private, 6) && probe_value(window) == 5);
    munmap(private, BYTES);
    unsigned char *reader = map(NULL, BYTES, PROT_READ, MAP_SHARED, 0);
    guest_rule("T", "rights are the mapping's own", probe_value(reader) == 5 && probe_write(reader, 1) == 2);
    munmap(reader, BYTES);
}

static int protect_own(void *nothing) {
    if (mprotect(window, PAGE, PROT_READ)) {
        return 1;
    }
    return (probe_write(window, 1) != 2) << 1 | (probe_write(window + PAGE, 9) != 0) << 2 | (probe_value(window) != 5) << 3;
}

static int unmap_own(void *nothing) {
    return munmap(window + PAGE, PAGE) || probe_value(window + PAGE) != ~0ull || probe_value(window) != 5
           || probe_value(window + 2 * PAGE) == ~0ull;
}

static int drop_own(void *nothing) {
    return madvise(window, BYTES, MADV_DONTNEED) || probe_value(window) != 5;
}

static int move_own(void *nothing) {
    unsigned char *moved = mremap(window, BYTES, 2 * BYTES, MREMAP_MAYMOVE);
    return moved == MAP_FAILED || probe_value(moved) != 5;
}

static int change_padding(void *how) {
    unsigned char *padding = window + BYTES;
    switch (*(const char *) how) {
    case 'r':
        return probe_errno(mremap(padding, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0);
    case 'p':
        return probe_errno(mprotect(padding, PAGE, PROT_READ));
    default:
        return probe_errno(madvise(padding, PAGE, MADV_DONTNEED));
    }
}

static void try_padding(void) {
    guest_rule_errno("O", "mremap of the padding finds nothing", probe_in_child(change_padding, "r"), EFAULT);
    guest_rule_errno("O", "nor does mprotect", probe_in_child(change_padding, "p"), ENOMEM);
    guest_rule_errno("O", "nor MADV_DONTNEED", probe_in_child(change_padding, "d"), ENOMEM);
}

static int guard_own(void *nothing) {
    probe_value(window);
    return probe_register_userfault(window, BYTES) < 0 || !faults_at(window) || probe_value(window) != 5;
}

static void try_own_changes(void) {
    int wrong = probe_in_child(protect_own, NULL);
    guest_rule("T", "mprotect of a part changes the caller's view", !(wrong & 3));
    guest_rule("T", "which keeps the rest", !(wrong & 12));
    guest_rule("T", "and nobody else's", !probe_write(window, 5) && probe_value(window + PAGE) == 9);
    guest_rule("T", "a partial munmap too", !probe_in_child(unmap_own, NULL) && probe_value(window + PAGE) == 9);
    guest_rule("O", "MADV_DONTNEED drops the caller's view of the pages, not the pages", !probe_in_child(drop_own, NULL));
    guest_rule("O", "a userfaultfd gives the caller tables of its own", !probe_in_child(guard_own, NULL));
    guest_rule("O", "mremap grows a mapping", !probe_in_child(move_own, NULL));
    guest_rule("T", "whoever changed nothing still shares", shares(window, 5));
    guest_rule("O", "unsharing costs faults again", !madvise(window, BYTES, MADV_DONTNEED) && faults_at(window));
    guest_rule("O", "until it is mapped anew",
               !munmap(window, BYTES) && map(window, BYTES, RW, MAP_SHARED | MAP_FIXED, 0) == window && shares(window, 3));
}

static int watch_file(void *nothing) {
    uint64_t value;
    probe_value(window);
    __atomic_store_n(&steps[0], 1, __ATOMIC_RELEASE);
    guest_await(&steps[1], 1);
    int wrong = probe_value(window) != 0;
    __atomic_store_n(&steps[0], 2, __ATOMIC_RELEASE);
    guest_await(&steps[1], 2);
    return wrong | (probe_read(window + 2 * PAGE, &value) != PROBE_BUS) << 1;
}

static void try_file_changes(const char *path) {
    pid_t child = fork();
    if (!child) {
        _exit(watch_file(NULL));
    }
    guest_await(&steps[0], 1);
    fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE);
    __atomic_store_n(&steps[1], 1, __ATOMIC_RELEASE);
    guest_await(&steps[0], 2);
    guest_rule_errno("O", "ftruncate of a mapped file", probe_errno(ftruncate(fd, PAGE)), 0);
    __atomic_store_n(&steps[1], 2, __ATOMIC_RELEASE);
    int wrong = guest_wait(child) >> 8;
    guest_rule("O", "a hole punched in the file is seen by all", !(wrong & 1) && probe_value(window) == 0);
    guest_rule("O", "beyond the new end is SIGBUS for all", !(wrong & 2));
    guest_rule("O", "MADV_REMOVE punches a hole for all",
               !probe_write(window, 4) && !madvise(window, PAGE, MADV_REMOVE) && probe_value(window) == 0);
    probe_write(window, 3);
    close(fd);
    guest_rule_errno("T", "unlink while mapped", probe_errno(unlink(path)), 0);
    guest_rule("T", "leaves what is mapped", probe_value(window) == 3);
    munmap(window, BYTES);
}

static void try_tmpfs(void) {
    mkdir("/tmp/plain", 0700);
    guest_rule_errno("T", "tmpfs takes the option share_tables",
                     probe_errno(mount("none", "/tmp/plain", "tmpfs", 0, "share_tables")), 0);
    fd = open("/tmp/plain/file", O_CREAT | O_RDWR, 0600);
    if (ftruncate(fd, BYTES)) {
        guest_fail("file");
    }
    window = map(NULL, BYTES, RW, MAP_SHARED, 0);
    guest_rule("T", "and its files share tables then", window != MAP_FAILED && shares(window, 1));
    munmap(window, BYTES);
    close(fd);
    guest_rule_errno("O", "it can be unmounted", probe_errno(umount("/tmp/plain")), 0);
    fd = open("/tmp/file", O_CREAT | O_RDWR, 0600);
    if (ftruncate(fd, BYTES)) {
        guest_fail("file");
    }
    window = map(NULL, BYTES, RW, MAP_SHARED, 0);
    guest_rule("T", "without the option they do not", window != MAP_FAILED && !shares(window, 1));
    munmap(window, BYTES);
    close(fd);
    unlink("/tmp/file");
    guest_rule_errno("O", "an unknown option", probe_errno(mount("none", "/tmp/plain", "tmpfs", 0, "share")), EINVAL);
}

int main(void) {
    steps = guest_shared_memory(PAGE);
    try_file("/sharefs/file");
    try_mapping();
    try_own_changes();
    try_padding();
    try_file_changes("/sharefs/file");
    try_tmpfs();
    return guest_rules_end();
}
