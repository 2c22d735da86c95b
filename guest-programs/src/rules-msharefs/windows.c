/* Sections 1.7 and 1.8: mmap(2) of a region's file, and ordinary calls on the window. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rules.h"

#define RW (PROT_READ | PROT_WRITE)

static int fd;

static void try_map(void) {
    int reader = open(ROOT "/w", O_RDONLY);
    int blind = open(ROOT "/w", O_WRONLY);
    char *far = (char *) (64 * slot);
    guest_rule_errno("P", "1.7: MAP_PRIVATE", map_errno(fd, NULL, 2 * slot, RW, MAP_PRIVATE), EINVAL);
    guest_rule_errno("P", "1.7: a length that is less than the region", map_errno(fd, NULL, slot, RW, MAP_SHARED), EINVAL);
    guest_rule_errno("P", "1.7: a length that is more than the region",
                     map_errno(fd, NULL, 3 * slot, RW, MAP_SHARED), EINVAL);
    guest_rule_errno("P", "1.7: MAP_FIXED at an unaligned address",
                     map_errno(fd, far + PAGE, 2 * slot, RW, MAP_SHARED | MAP_FIXED), EINVAL);
    guest_rule_errno("P", "1.7: MAP_FIXED at an aligned address",
                     map_errno(fd, far, 2 * slot, RW, MAP_SHARED | MAP_FIXED), 0);
    char *window = mmap(far - PAGE, 2 * slot, RW, MAP_SHARED, fd, 0);
    guest_rule("P", "1.7: a hint is rounded up and used where free", window == far);
    char *second = mmap(far, 2 * slot, RW, MAP_SHARED, fd, 0);
    guest_rule("P", "1.7: a hint where something lies is ignored, and the address aligned",
               second != MAP_FAILED && second != window && (uintptr_t) second % slot == 0);
    guest_rule("D", "1.7: one process has several windows of a region",
               !create_pages(fd, 0, 1) && !probe_write(window, 9) && probe_value(second) == 9);
    munmap(second, 2 * slot);
    munmap(window, 2 * slot);
    guest_rule_errno("D", "1.7: a descriptor that cannot read", map_errno(blind, NULL, 2 * slot, RW, MAP_SHARED), EACCES);
    guest_rule_errno("D", "1.7: PROT_WRITE through a read-only descriptor (the cover letter's consumer)",
                     map_errno(reader, NULL, 2 * slot, RW, MAP_SHARED), EACCES);
    guest_rule_errno("D", "1.7: MAP_SHARED_VALIDATE works as MAP_SHARED",
                     map_errno(fd, NULL, 2 * slot, RW, MAP_SHARED_VALIDATE), 0);
    window = mmap(NULL, 2 * slot, RW, MAP_SHARED, fd, PAGE);
    guest_rule("D", "1.7: the file offset is ignored", window != MAP_FAILED && probe_value(window) == 9);
    munmap(window, 2 * slot);
    window = mmap(NULL, 2 * slot, PROT_READ, MAP_SHARED, fd, 0);
    guest_rule("D", "1.7: a PROT_READ window writes where the object may be written",
               !probe_write(window, 10) && probe_value(window) == 10);
    munmap(window, 2 * slot);
    window = mmap(NULL, 2 * slot, PROT_NONE, MAP_SHARED, fd, 0);
    guest_rule("D", "1.7: and so does a PROT_NONE window", !probe_write(window, 11) && probe_value(window) == 11);
    guest_rule("T", "1.7: touching a hole is SIGSEGV", probe_write(window + slot, 1) == 1);
    munmap(window, 2 * slot);
    close(reader);
    close(blind);
}

static int lists_one_window(const char *address) {
    char line[512];
    char start[32];
    int lines = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    snprintf(start, sizeof start, "%lx-", (unsigned long) address);
    while (maps && fgets(line, sizeof line, maps)) {
        lines += strstr(line, ROOT "/w") && !strncmp(line, start, strlen(start));
    }
    if (maps) {
        fclose(maps);
    }
    return lines == 1;
}

static void try_calls(void) {
    unsigned char *window = window_of(fd, 2);
    create_pages(fd, 0, 4);
    probe_write(window, 5);
    guest_rule_errno("P", "1.8: munmap of a part", probe_errno(munmap(window, PAGE)), EINVAL);
    guest_rule_errno("P", "1.8: munmap of a slot of two", probe_errno(munmap(window + slot, slot)), EINVAL);
    guest_rule_errno("D", "1.8: MAP_FIXED over a part",
                     probe_errno((long) mmap(window, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)), EINVAL);
    guest_rule_errno("P", "1.8: mprotect of a part", probe_errno(mprotect(window, PAGE, PROT_READ)), EINVAL);
    guest_rule_errno("P", "1.8: mprotect of the whole", probe_errno(mprotect(window, 2 * slot, PROT_READ)), EINVAL);
    guest_rule_errno("P", "1.8: mprotect that changes nothing", probe_errno(mprotect(window, 2 * slot, RW)), EINVAL);
    guest_rule_errno("D", "1.8: mprotect of no bytes", probe_errno(mprotect(window, 0, PROT_READ)), 0);
    guest_rule_errno("D", "1.8: mremap that grows",
                     probe_errno((long) mremap(window, 2 * slot, 3 * slot, MREMAP_MAYMOVE)), EFAULT);
    guest_rule_errno("D", "1.8: mremap that shrinks", probe_errno((long) mremap(window, 2 * slot, slot, 0)), EINVAL);
    guest_rule_errno("O", "1.8: mremap that moves (v3 would move everybody's entries)",
                     probe_errno((long) mremap(window, 2 * slot, 2 * slot, MREMAP_MAYMOVE | MREMAP_FIXED,
                                               (void *) (96 * slot))), EINVAL);
    guest_rule_errno("D", "1.8: madvise that needs a split",
                     probe_errno(madvise(window, PAGE, MADV_DONTFORK)), EINVAL);
    guest_rule("D", "1.8: MADV_DONTNEED drops the link and no page",
               !madvise(window, 2 * slot, MADV_DONTNEED) && probe_value(window) == 5);
    guest_rule("P", "1.8: MADV_PAGEOUT works, and the page comes back",
               !madvise(window, PAGE, MADV_PAGEOUT) && probe_value(window) == 5);
    guest_rule_errno("T", "1.8: MADV_HUGEPAGE does no harm",
                     probe_errno(madvise(window, 2 * slot, MADV_HUGEPAGE)) && probe_value(window) != 5, 0);
    guest_rule_errno("D", "1.8: mlock of a page that is not there", probe_errno(mlock(window + 3 * PAGE, PAGE)), ENOMEM);
    guest_rule("T", "1.8: /proc/PID/maps shows one line for it", lists_one_window((char *) window));
    guest_rule_errno("P", "1.8: munmap of the whole", probe_errno(munmap(window, 2 * slot)), 0);
    guest_rule("P", "1.8: and nothing is left there", probe_value(window) == ~0ull);
}

void try_windows(void) {
    fd = sized_region(ROOT "/w", 2);
    try_map();
    try_calls();
    close(fd);
    unlink(ROOT "/w");
}
