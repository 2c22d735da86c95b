/* The rules of mshare-2026: what LWN reports, and what we decided (emulator/designs/mshare-2026.md). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mshare-2026.h"
#include "guest.h"
#include "probe.h"

#define PAGE GUEST_PAGE_BYTES
#define RW (PROT_READ | PROT_WRITE)
#define MIB2 (2ul << 20)

static int fd;
static unsigned char *window;
static uint32_t *steps;

static int map(uint64_t page, uint64_t pages, uint32_t prot, uint32_t flags, int object) {
    struct mshare_map argument = {page * PAGE, pages * PAGE, 0, prot, flags, object, 0};
    return probe_errno(mshare_map(fd, &argument, sizeof argument));
}

static int map_anonymous(uint64_t page, uint64_t pages) {
    return map(page, pages, RW, MAP_SHARED | MAP_ANONYMOUS, -1);
}

static void try_creation(void) {
    struct stat status;
    guest_rule_errno("T", "mshare_create takes O_CLOEXEC only", probe_errno(mshare_create(O_NONBLOCK)), EINVAL);
    int closing = mshare_create(O_CLOEXEC);
    guest_rule("T", "mshare_create returns a descriptor", closing >= 0 && (fcntl(closing, F_GETFD) & FD_CLOEXEC));
    close(closing);
    fd = mshare_create(0);
    guest_rule("T", "without O_CLOEXEC it stays open at exec", fd >= 0 && !(fcntl(fd, F_GETFD) & FD_CLOEXEC));
    guest_rule_errno("O", "before its size is set: attach",
                     probe_errno((long) mshare_attach(fd, 0, PAGE, NULL, 0)), EINVAL);
    guest_rule_errno("O", "before its size is set: map", map_anonymous(0, 1), EINVAL);
    guest_rule_errno("O", "size 0", probe_errno(ftruncate(fd, 0)), EINVAL);
    guest_rule_errno("T", "ftruncate sets the size", probe_errno(ftruncate(fd, 5 * PAGE - 100)), 0);
    guest_rule("O", "any size, rounded up to pages", !fstat(fd, &status) && status.st_size == (off_t) (5 * PAGE));
    guest_rule_errno("O", "once", probe_errno(ftruncate(fd, 8 * PAGE)), EINVAL);
    guest_rule_errno("O", "it is not mapped by mmap", probe_errno((long) mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0)), ENODEV);
    char byte;
    guest_rule_errno("O", "nor read", probe_errno(read(fd, &byte, 1)), EINVAL);
    guest_rule_errno("O", "a descriptor that is no region", probe_errno(mshare_unmap(0, 0, PAGE)), EINVAL);
    guest_rule_errno("O", "a descriptor that is not open", probe_errno(mshare_unmap(999, 0, PAGE)), EBADF);
}

static void try_attaching(void) {
    unsigned char *far = (unsigned char *) (64 * MIB2);
    guest_rule_errno("O", "attach beyond the end",
                     probe_errno((long) mshare_attach(fd, 0, 6 * PAGE, NULL, 0)), EINVAL);
    guest_rule_errno("O", "attach of a part that ends within a slot",
                     probe_errno((long) mshare_attach(fd, 0, 2 * PAGE, NULL, 0)), EINVAL);
    guest_rule_errno("O", "attach from within a slot",
                     probe_errno((long) mshare_attach(fd, PAGE, 4 * PAGE, NULL, 0)), EINVAL);
    guest_rule_errno("O", "attach with an unknown flag",
                     probe_errno((long) mshare_attach(fd, 0, 5 * PAGE, NULL, MAP_POPULATE)), EINVAL);
    guest_rule_errno("O", "attach forced to an address that is no slot's",
                     probe_errno((long) mshare_attach(fd, 0, 5 * PAGE, far + PAGE, MAP_FIXED)), EINVAL);
    window = mshare_attach(fd, 0, 5 * PAGE, NULL, 0);
    guest_rule("O", "the kernel finds a slot", window != MAP_FAILED && (uintptr_t) window % MIB2 == 0);
    guest_rule("O", "attach at a chosen slot", mshare_attach(fd, 0, 5 * PAGE, far, MAP_FIXED_NOREPLACE) == far);
    guest_rule_errno("O", "but not over another with MAP_FIXED_NOREPLACE",
                     probe_errno((long) mshare_attach(fd, 0, 5 * PAGE, far, MAP_FIXED_NOREPLACE)), EEXIST);
    guest_rule_errno("O", "mapping anything into the padding",
                     probe_errno((long) mmap(far + 64 * PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)), EINVAL);
    guest_rule("T", "one region at several addresses",
               !map_anonymous(0, 5) && !probe_write(window, 3) && probe_value(far) == 3);
    guest_rule("O", "the padding holds nothing", probe_write(window + 5 * PAGE, 1) == 1);
    guest_rule_errno("O", "detach inside a window", probe_errno(mshare_detach(far + PAGE)), EINVAL);
    guest_rule_errno("T", "detach", probe_errno(mshare_detach(far)), 0);
    guest_rule("T", "detach takes one window, and nothing else", probe_value(far) == ~0ull && probe_value(window) == 3);
    guest_rule_errno("O", "detach where nothing is", probe_errno(mshare_detach(far)), EINVAL);
}

static void try_changes(void) {
    struct mshare_map argument = {0, PAGE, 0, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0};
    int object = memfd_create("object", 0);
    guest_rule_errno("O", "map with another size of the structure", probe_errno(mshare_map(fd, &argument, 32)), EINVAL);
    guest_rule_errno("O", "map with an unreadable structure",
                     probe_errno(mshare_map(fd, (void *) 8, sizeof argument)), EFAULT);
    guest_rule_errno("T", "no private objects", map(0, 1, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1), EINVAL);
    guest_rule_errno("O", "map beyond the end", map_anonymous(4, 2), EINVAL);
    guest_rule_errno("O", "map of a region", map(0, 1, RW, MAP_SHARED, fd), ENODEV);
    guest_rule_errno("O", "map of a descriptor that is not open", map(0, 1, RW, MAP_SHARED, 999), EBADF);
    guest_rule_errno("O", "map with MAP_FIXED_NOREPLACE over something",
                     map(0, 1, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1), EEXIST);
    guest_rule("O", "map of a file", !ftruncate(object, PAGE) && !map(1, 1, RW, MAP_SHARED, object)
                                         && !probe_write(window + PAGE, 12) && probe_value(window + PAGE) == 12);
    guest_rule_errno("T", "protect", probe_errno(mshare_protect(fd, 0, PAGE, PROT_READ)), 0);
    guest_rule("T", "holds at once", probe_write(window, 4) == 2 && probe_value(window) == 3);
    guest_rule_errno("O", "protect beyond the end", probe_errno(mshare_protect(fd, 4 * PAGE, 2 * PAGE, RW)), EINVAL);
    guest_rule("T", "protect back", !mshare_protect(fd, 0, PAGE, RW) && !probe_write(window, 4));
    guest_rule("T", "advise: MADV_DONTNEED reaches the region's tables, not the pages",
               !mshare_advise(fd, 0, 5 * PAGE, MADV_DONTNEED) && probe_value(window) == 4);
    guest_rule_errno("O", "advise: unknown advice", probe_errno(mshare_advise(fd, 0, PAGE, 9999)), EINVAL);
    guest_rule("T", "unmap", !mshare_unmap(fd, PAGE, PAGE) && probe_write(window + PAGE, 1) == 1);
    guest_rule_errno("O", "unmap of a hole", probe_errno(mshare_unmap(fd, PAGE, PAGE)), 0);
    guest_rule_errno("O", "unmap beyond the end", probe_errno(mshare_unmap(fd, 4 * PAGE, 2 * PAGE)), EINVAL);
    close(object);
}

static void try_ordinary_calls(void) {
    guest_rule_errno("T", "munmap of a window (Falcato: ambiguous)", probe_errno(munmap(window, MIB2)), EINVAL);
    guest_rule_errno("T", "munmap of a part", probe_errno(munmap(window, PAGE)), EINVAL);
    guest_rule_errno("O", "mprotect", probe_errno(mprotect(window, PAGE, PROT_READ)), EINVAL);
    guest_rule_errno("O", "madvise", probe_errno(madvise(window, PAGE, MADV_DONTNEED)), EINVAL);
    guest_rule_errno("O", "mremap", probe_errno((long) mremap(window, MIB2, MIB2, MREMAP_MAYMOVE)), EINVAL);
    guest_rule_errno("O", "mmap over it",
                     probe_errno((long) mmap(window, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)), EINVAL);
}

/* The tables of the region tried here map 4 KiB each; those of a larger one hold huge pages, too. */
static void try_huge_pages(void) {
    struct mshare_map argument = {0, MIB2, 0, RW, MAP_SHARED, memfd_create("huge", MFD_HUGETLB), 0};
    int small = mshare_create(0);
    int large = mshare_create(0);
    if (!guest_huge_pages(1) || ftruncate(argument.fd, MIB2) || ftruncate(small, MIB2) || ftruncate(large, 2 * MIB2)) {
        guest_fail("huge pages");
    }
    guest_rule_errno("O", "map of a hugetlb file where tables map 4 KiB pages",
                     probe_errno(mshare_map(small, &argument, sizeof argument)), EINVAL);
    guest_rule_errno("O", "and where an entry can map 2 MiB",
                     probe_errno(mshare_map(large, &argument, sizeof argument)), 0);
    unsigned char *at = mshare_attach(large, 0, 2 * MIB2, NULL, 0);
    guest_rule("O", "its pages are used", !probe_write(at + MIB2 - 8, 8) && probe_value(at + MIB2 - 8) == 8);
    guest_rule_errno("O", "unmap of a part of a huge page", probe_errno(mshare_unmap(large, PAGE, PAGE)), EINVAL);
    mshare_detach(at);
    close(argument.fd);
    close(small);
    close(large);
}

/* Sees what the parent changes, and changes something itself. */
static int share(void *nothing) {
    unsigned char *mine = mshare_attach(fd, 0, 5 * PAGE, NULL, 0);
    int wrong = probe_value(mine) != 4 || probe_value(window) != 4;
    __atomic_store_n(&steps[0], 1, __ATOMIC_RELEASE);
    guest_await(&steps[1], 1);
    wrong |= (probe_write(mine, 9) != 2) << 1;
    wrong |= (mshare_protect(fd, 0, PAGE, RW) || probe_write(mine, 9)) << 2;
    return wrong;
}

static void try_sharing(void) {
    pid_t child = fork();
    if (!child) {
        _exit(share(NULL));
    }
    guest_await(&steps[0], 1);
    mshare_protect(fd, 0, PAGE, PROT_READ);
    __atomic_store_n(&steps[1], 1, __ATOMIC_RELEASE);
    int wrong = guest_wait(child) >> 8;
    guest_rule("O", "a child has its parent's window, and can attach another", !(wrong & 1));
    guest_rule("T", "protect acts for all", !(wrong & 2));
    guest_rule("O", "whoever has the descriptor may change the region", !(wrong & 4) && probe_value(window) == 9);
    guest_rule("T", "a child's exit ends nothing: it does not own the region", probe_value(window) == 9);
}

static int own(void *nothing) {
    int mine = mshare_create(0);
    struct mshare_map argument = {0, PAGE, 0, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0};
    if (ftruncate(mine, PAGE) || mshare_map(mine, &argument, sizeof argument)) {
        return 1;
    }
    unsigned char *at = mshare_attach(mine, 0, PAGE, NULL, 0);
    pid_t child = fork();
    if (!child) {
        fd = mine;
        int wrong = probe_write(at, 5) != 0;
        __atomic_store_n(&steps[2], 1, __ATOMIC_RELEASE);
        guest_await(&steps[3], 1);
        wrong |= (probe_value(at) != ~0ull) << 1;
        wrong |= (probe_errno((long) mshare_attach(mine, 0, PAGE, NULL, 0)) != EINVAL) << 2;
        wrong |= (probe_errno(mshare_map(mine, &argument, sizeof argument)) != EINVAL) << 3;
        wrong |= (probe_errno(ftruncate(mine, PAGE)) != EINVAL) << 4;
        steps[4] = (uint32_t) wrong;
        __atomic_store_n(&steps[2], 2, __ATOMIC_RELEASE);
        _exit(0);
    }
    guest_await(&steps[2], 1);
    return 0;
}

static void try_ownership(void) {
    guest_rule("T", "the owner makes a region, and exits", !probe_in_child(own, NULL));
    __atomic_store_n(&steps[3], 1, __ATOMIC_RELEASE);
    guest_await(&steps[2], 2);
    guest_rule("T", "its exit removes the mappings in all others", !(steps[4] & 3));
    guest_rule("T", "and the region: it can be neither attached nor filled", !(steps[4] & 12));
    guest_rule("O", "nor sized again", !(steps[4] & 16));
    int copy = dup(fd);
    close(fd);
    guest_rule("O", "a copy of the descriptor keeps the region", probe_value(window) == 9);
    close(copy);
    guest_rule("T", "the last close removes region and windows", probe_value(window) == ~0ull);
}

int main(void) {
    steps = guest_shared_memory(PAGE);
    try_creation();
    try_attaching();
    try_changes();
    try_ordinary_calls();
    try_huge_pages();
    try_sharing();
    try_ownership();
    return guest_rules_end();
}
