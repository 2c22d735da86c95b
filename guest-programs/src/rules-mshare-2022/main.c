/* The rules of mshare() and mshare_unlink() as posted in 2022: one line each. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mshare-2022.h"
#include "guest.h"
#include "probe.h"

#define ROOT "/sys/fs/mshare"
#define PAGE GUEST_PAGE_BYTES
#define RW (PROT_READ | PROT_WRITE)
#define MAKE (O_CREAT | O_EXCL | O_RDWR)

static size_t slot;
static unsigned char *base;
static uint32_t *steps;

static int share(const char *name, void *at, size_t bytes, int flags) {
    return probe_errno(mshare(name, at, bytes, flags, 0644));
}

static int map_at(unsigned char *at, size_t bytes, int prot, int kind) {
    return probe_errno((long) mmap(at, bytes, prot, kind | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
}

static size_t told_size(void) {
    char text[32] = "";
    int fd = open("/proc/sys/vm/mshare_size", O_RDONLY);
    if (fd < 0 || read(fd, text, sizeof text - 1) <= 0) {
        guest_fail("/proc/sys/vm/mshare_size");
    }
    close(fd);
    return strtoull(text, NULL, 10);
}

static void try_creation(void) {
    guest_rule("P", "2.1: /proc/sys/vm/mshare_size tells what address and length are multiples of",
               slot == 1ul << 39 || slot == 1ul << 30);
    guest_rule_errno("P", "2.1: an address that is no multiple", share("r", base + PAGE, slot, MAKE), EINVAL);
    guest_rule_errno("P", "2.1: a length that is no multiple", share("r", base, slot / 2, MAKE), EINVAL);
    guest_rule_errno("P", "2.1: a range where nothing is mapped", share("r", base, slot, MAKE), EINVAL);
    map_at(base - PAGE, 2 * PAGE, RW, MAP_PRIVATE);
    guest_rule_errno("P", "2.1: a mapping that crosses the range's start", share("r", base, slot, MAKE), EINVAL);
    munmap(base - PAGE, 2 * PAGE);
    map_at(base + slot - PAGE, 2 * PAGE, RW, MAP_PRIVATE);
    guest_rule_errno("P", "2.1: a mapping that crosses its end", share("r", base, slot, MAKE), EINVAL);
    munmap(base + slot - PAGE, 2 * PAGE);
    guest_rule_errno("D", "2.1: a name that cannot be read", share((const char *) 8, base, slot, MAKE), EFAULT);
    map_at(base, 4 * PAGE, RW, MAP_SHARED);
    map_at(base + 8 * PAGE, 4 * PAGE, RW, MAP_PRIVATE);
    map_at(base + 16 * PAGE, PAGE, PROT_READ, MAP_SHARED);
    probe_write(base, 11);
    probe_write(base + 8 * PAGE, 12);
    long before = guest_minor_faults();
    guest_rule_errno("P", "2.1: mshare() of what is mapped", share("r", base, slot, MAKE), 0);
    guest_rule("P", "2.1: the pages that were there are there, tables and all: no page is faulted in again",
               probe_value(base) == 11 && probe_value(base + 8 * PAGE) == 12 && guest_minor_faults() == before);
    guest_rule_errno("P", "2.1: the name again with O_CREAT and O_EXCL", share("r", base, slot, MAKE), EEXIST);
    guest_rule_errno("P", "2.1: the patch: with either of them", share("r", base, slot, O_CREAT | O_RDWR), EEXIST);
}

static void try_file(void) {
    struct mshare_info info = {0, 0};
    struct stat status;
    int fd = open(ROOT "/r", O_RDONLY);
    guest_rule("P", "2.1: the file of a region gives two longs, start and size",
               read(fd, &info, sizeof info) == sizeof info && info.start == (unsigned long) base && info.size == slot);
    close(fd);
    guest_rule("P", "2.1: nobody may write it, its creator may read it",
               !stat(ROOT "/r", &status) && (status.st_mode & 07777) == 0444);
    guest_rule_errno("P", "2.1: it is immutable: unlink", probe_errno(unlink(ROOT "/r")), EPERM);
    guest_rule_errno("P", "2.1: open for writing", probe_errno(open(ROOT "/r", O_RDWR)), EPERM);
    guest_rule_errno("P", "2.1: rename", probe_errno(rename(ROOT "/r", ROOT "/s")), EPERM);
    guest_rule_errno("P", "2.1: no other file is made there", probe_errno(open(ROOT "/x", O_CREAT | O_RDWR, 0600)), EACCES);
}

/* A process that was not there when the region was made: it unmaps what it inherited by leaving its parent's memory. */
static int attach_elsewhere(void *nothing) {
    return share("r", base + slot, slot, O_RDWR) != EINVAL || share("r", base, 2 * slot, O_RDWR) != EINVAL;
}

static int stranger(void) {
    int wrong = share("r", base, slot, O_RDWR) != 0;
    uint64_t value;
    wrong |= (probe_value(base) != 11 || probe_value(base + 8 * PAGE) != 12) << 1;
    wrong |= (probe_write(base + 8 * PAGE, 22) != 0) << 2;
    wrong |= (probe_write(base + 16 * PAGE, 1) != 2) << 3;
    wrong |= (probe_read(base + 100 * PAGE, &value) != 1) << 4;
    wrong |= (share("r", base, slot, O_RDWR) != EINVAL) << 5;
    __atomic_store_n(&steps[0], 1, __ATOMIC_RELEASE);
    guest_await(&steps[1], 1);
    wrong |= (probe_write(base, 1) != 2 || probe_value(base) != 11) << 6;
    wrong |= (probe_write(base + PAGE, 1) != 1) << 7;
    wrong |= (probe_value(base + 32 * PAGE) != 33) << 8;
    wrong |= (mprotect(base, PAGE, RW) || probe_write(base, 44)) << 9;
    wrong |= (map_at(base + 40 * PAGE, PAGE, RW, MAP_PRIVATE) || probe_write(base + 40 * PAGE, 55)) << 10;
    wrong |= (mshare_unlink("r") || probe_value(base) != ~0ull) << 11;
    return wrong;
}

static void try_sharing(int child) {
    __atomic_store_n(&steps[2], 1, __ATOMIC_RELEASE);
    guest_await(&steps[0], 1);
    int seen = probe_value(base + 8 * PAGE) == 22;
    int errors = mprotect(base, PAGE, PROT_READ) || munmap(base + PAGE, PAGE) || map_at(base + 32 * PAGE, PAGE, RW, MAP_SHARED)
                 || probe_write(base + 32 * PAGE, 33);
    __atomic_store_n(&steps[1], 1, __ATOMIC_RELEASE);
    guest_wait(child);
    uint32_t wrong = steps[3];
    guest_rule("P", "2.1: another process attaches it by its name", !(wrong & 1));
    guest_rule("P", "2.1: it finds what the creator had faulted in", !(wrong & 2));
    guest_rule("P", "2.1: a write to a MAP_PRIVATE page is seen by all sharers", !(wrong & 4) && seen);
    guest_rule("P", "2.1: rights are the region's", !(wrong & 8));
    guest_rule("P", "2.1: where the region has nothing: SIGSEGV, though the cover letter says SIGBUS", !(wrong & 16));
    guest_rule("P", "2.1: attaching where something is mapped", !(wrong & 32));
    guest_rule("P", "2.1: mprotect acts for all", !errors && !(wrong & 64));
    guest_rule("P", "2.1: munmap acts for all", !(wrong & 128));
    guest_rule("P", "2.1: mmap in the range acts for all", !(wrong & 256));
    guest_rule("P", "2.1: an attacher's mprotect too", !(wrong & 512) && probe_value(base) == 44);
    guest_rule("P", "2.1: and its mmap: what it maps private, all have", !(wrong & 1024) && probe_value(base + 40 * PAGE) == 55);
    guest_rule("P", "2.1: mshare_unlink by an attacher takes the range from it", !(wrong & 2048));
    guest_rule("P", "2.1: and from nobody else", probe_value(base) == 44);
}

static void try_calls(void) {
    guest_rule("O", "2.1: mremap within the range acts on the region",
               mremap(base + 32 * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, base + 48 * PAGE) == base + 48 * PAGE
                   && probe_value(base + 48 * PAGE) == 33 && probe_value(base + 32 * PAGE) == ~0ull);
    guest_rule_errno("O", "2.1: mremap out of it",
                     probe_errno((long) mremap(base + 48 * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, base - 8 * PAGE)),
                     EINVAL);
    guest_rule("O", "2.1: MADV_DONTNEED acts on the region: a private page is zero again",
               !madvise(base + 8 * PAGE, PAGE, MADV_DONTNEED) && probe_value(base + 8 * PAGE) == 0);
    guest_rule_errno("O", "2.1: a mapping over the range's edge",
                     map_at(base + slot - PAGE, 2 * PAGE, RW, MAP_PRIVATE), EINVAL);
}

static int read_only(void *nothing) {
    uint64_t value;
    return share("readers", base + slot, slot, O_RDWR) != EPERM || share("readers", base + slot, slot, O_RDONLY)
           || probe_read(base + slot, &value) != 2;
}

static int donate_readers(void *nothing) {
    return map_at(base + slot, PAGE, RW, MAP_SHARED) || probe_write(base + slot, 9)
           || share("readers", base + slot, slot, O_CREAT | O_RDONLY);
}

static void try_rights(void) {
    guest_rule("P", "2.1: a region that is made O_RDONLY, by a process that exits", !probe_in_child(donate_readers, NULL));
    guest_rule("P", "2.1: more rights than its creator named are EPERM; O_RDONLY, being 0, gives none at all",
               !probe_in_child(read_only, NULL));
    guest_rule_errno("D", "2.1: exit leaves the count: the region is there", access(ROOT "/readers", F_OK), 0);
    guest_rule_errno("P", "2.1: mshare_unlink by anybody counts", probe_errno(mshare_unlink("readers")), 0);
    guest_rule_errno("D", "2.1: the second of two makes it go", probe_errno(mshare_unlink("readers")), 0);
    guest_rule("P", "2.1: with its name", access(ROOT "/readers", F_OK) && errno == ENOENT);
}

static void try_end(void) {
    guest_rule_errno("P", "2.1: mshare_unlink of an unknown name", probe_errno(mshare_unlink("nobody")), EINVAL);
    guest_rule_errno("P", "2.1: the last mshare_unlink", probe_errno(mshare_unlink("r")), 0);
    guest_rule("O", "2.1: takes the range from everybody", probe_value(base) == ~0ull);
    guest_rule_errno("P", "2.1: and the name is free", probe_errno(open(ROOT "/r", O_RDONLY)), ENOENT);
    map_at(base, PAGE, RW, MAP_SHARED);
    guest_rule_errno("D", "2.1: the patch makes a name that is not there without O_CREAT too", share("again", base, slot, O_RDWR), 0);
    mshare_unlink("again");
}

int main(void) {
    steps = guest_shared_memory(PAGE);
    slot = told_size();
    base = (unsigned char *) (slot == 1ul << 30 ? 128ul << 30 : 16ul << 40);
    int child = fork();
    if (!child) {
        guest_await(&steps[2], 1);
        int wrong = attach_elsewhere(NULL) << 12 | stranger();
        steps[3] = (uint32_t) wrong;
        _exit(0);
    }
    try_creation();
    try_file();
    try_sharing(child);
    guest_rule("P", "2.1: same address and length for everyone", !(steps[3] & 1 << 12));
    try_calls();
    try_rights();
    try_end();
    return guest_rules_end();
}
