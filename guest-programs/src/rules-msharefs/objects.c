/* Section 1.6: the ioctls, row by row. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rules.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS)
#define OF_FILE (MAP_SHARED | MAP_FIXED)

static int fd;
static uint64_t end;

static void try_rows(void) {
    int reader = open(ROOT "/o", O_RDONLY);
    int object = memfd_create("object", 0);
    guest_rule_errno("P", "1.6 row 2: unreadable argument", probe_errno(ioctl(fd, MSHAREFS_CREATE_MAPPING, 8)), EFAULT);
    guest_rule_errno("P", "1.6 row 3: offset that wraps", create_object(fd, -PAGE, PAGE, RW, ANON, -1), EINVAL);
    guest_rule_errno("P", "1.6 row 3: offset at the end", create_object(fd, end, PAGE, RW, ANON, -1), EINVAL);
    guest_rule_errno("P", "1.6 row 4: flags without MAP_SHARED",
                     create_object(fd, 0, PAGE, RW, MAP_FIXED | MAP_ANONYMOUS, -1), EINVAL);
    guest_rule_errno("P", "1.6 row 4: MAP_PRIVATE",
                     create_object(fd, 0, PAGE, RW, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1), EINVAL);
    guest_rule_errno("P", "1.6 row 4: flags without MAP_FIXED",
                     create_object(fd, 0, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1), EINVAL);
    guest_rule_errno("P", "1.6 row 5: a descriptor that is not open", create_object(fd, 0, PAGE, RW, OF_FILE, 999), EBADF);
    int path = open("/tmp", O_PATH);
    guest_rule_errno("D", "1.6 row 5: an O_PATH descriptor", create_object(fd, 0, PAGE, RW, OF_FILE, path), EBADF);
    close(path);
    guest_rule_errno("P", "1.6 row 7: MAP_HUGETLB with a file that is not hugetlbfs",
                     create_object(fd, 0, PAGE, RW, OF_FILE | MAP_HUGETLB, object), EINVAL);
    guest_rule_errno("P", "1.6 row 8: a region in a region", create_object(fd, 0, PAGE, RW, OF_FILE, fd), EINVAL);
    guest_rule_errno("P", "1.6 row 9: MAP_HUGETLB with an unknown size",
                     create_object(fd, 0, PAGE, RW, ANON | MAP_HUGETLB | 13 << 26, -1), EINVAL);
    guest_rule_errno("P", "1.6 row 11: beyond the end", create_object(fd, end - PAGE, 2 * PAGE, RW, ANON, -1), EINVAL);
    guest_rule_errno("D", "1.6 row 14: size 0", create_object(fd, 0, 0, RW, ANON, -1), EINVAL);
    guest_rule_errno("D", "1.6 row 14: unaligned offset", create_object(fd, 100, PAGE, RW, ANON, -1), EINVAL);
    guest_rule_errno("D", "1.6 row 14: MAP_FIXED_NOREPLACE over an object",
                     create_pages(fd, 0, 1) || create_object(fd, 0, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1) != EEXIST, 0);
    int blind = open("/tmp/w", O_CREAT | O_WRONLY, 0600);
    guest_rule_errno("D", "1.6 row 14: a file that cannot be read", create_object(fd, 0, PAGE, RW, OF_FILE, blind), EACCES);
    close(blind);
    int look = open("/tmp/w", O_RDONLY);
    guest_rule_errno("D", "1.6 row 14: PROT_WRITE on a file not open for writing",
                     create_object(fd, 0, PAGE, RW, OF_FILE, look), EACCES);
    close(look);
    unlink("/tmp/w");
    int ends[2];
    if (pipe(ends)) {
        guest_fail("pipe");
    }
    guest_rule_errno("D", "1.6 row 14: a file without mmap",
                     create_object(fd, 0, PAGE, PROT_READ, OF_FILE, ends[0]), ENODEV);
    close(ends[0]);
    close(ends[1]);
    guest_rule_errno("P", "1.6 row 15: success is 0, not an address", create_pages(fd, 0, 4), 0);
    guest_rule_errno("D", "1.6: a read-only descriptor creates", create_pages(reader, 8, 1), 0);
    guest_rule_errno("D", "1.6: and unmaps", unmap_object(reader, 8 * PAGE, PAGE), 0);
    close(reader);
    close(object);
}

static void try_notes(void) {
    int object = memfd_create("object", 0);
    struct mshare_create odd = {16 * PAGE, PAGE, PAGE + 123, RW, OF_FILE, (uint32_t) object};
    unsigned char *window = window_of(fd, 2);
    uint64_t word = 77;
    if (ftruncate(object, 2 * PAGE) || pwrite(object, &word, 8, PAGE) != 8) {
        guest_fail("object");
    }
    guest_rule_errno("D", "1.6: low bits of the file offset are dropped",
                     probe_errno(ioctl(fd, MSHAREFS_CREATE_MAPPING, &odd)), 0);
    guest_rule("D", "1.6: and the page that is left is shown", probe_value(window + 16 * PAGE) == 77);
    guest_rule_errno("D", "1.6: MAP_SHARED_VALIDATE with a file",
                     create_object(fd, 0, PAGE, RW, MAP_SHARED_VALIDATE | MAP_FIXED, object), 0);
    guest_rule_errno("D", "1.6: MAP_SHARED_VALIDATE with MAP_ANONYMOUS",
                     create_object(fd, 0, PAGE, RW, MAP_SHARED_VALIDATE | MAP_FIXED | MAP_ANONYMOUS, -1), EINVAL);
    guest_rule_errno("P", "1.6: with MAP_ANONYMOUS the descriptor is not looked at",
                     create_object(fd, 0, PAGE, RW, ANON, 999), 0);
    guest_rule("D", "1.6: MAP_FIXED replaces what is there",
               !probe_write(window, 5) && !create_pages(fd, 0, 1) && probe_value(window) == 0);
    long before = guest_minor_faults();
    int error = create_object(fd, 32 * PAGE, 8 * PAGE, RW, ANON | MAP_POPULATE | MAP_LOCKED, -1);
    guest_rule("D", "1.6: MAP_POPULATE and MAP_LOCKED fault nothing in", !error && guest_minor_faults() == before);
    guest_rule_errno("P", "1.6: any other command", probe_errno(ioctl(fd, 0x7802, 0)), ENOTTY);
    munmap(window, 2 * slot);
    close(object);
}

static void try_unmap(void) {
    guest_rule_errno("P", "1.6 UNMAP: unreadable argument", probe_errno(ioctl(fd, MSHAREFS_UNMAP, 8)), EFAULT);
    guest_rule_errno("P", "1.6 UNMAP: more than the region", unmap_object(fd, 0, end + PAGE), EINVAL);
    guest_rule_errno("P", "1.6 UNMAP: offset at the end", unmap_object(fd, end, PAGE), EINVAL);
    guest_rule_errno("P", "1.6 UNMAP: beyond the end", unmap_object(fd, end - PAGE, 2 * PAGE), EINVAL);
    guest_rule_errno("P", "1.6 UNMAP: size 0", unmap_object(fd, 0, 0), EINVAL);
    guest_rule_errno("P", "1.6 UNMAP: unaligned", unmap_object(fd, 7, PAGE), EINVAL);
    guest_rule_errno("P", "1.6 UNMAP: a hole", unmap_object(fd, 500 * PAGE, PAGE), 0);
    unsigned char *window = window_of(fd, 2);
    guest_rule("P", "1.6 UNMAP: the middle of an object splits it",
               !create_pages(fd, 0, 3) && !probe_write(window, 1) && !probe_write(window + 2 * PAGE, 3)
                   && !unmap_object(fd, PAGE, PAGE) && probe_value(window) == 1 && probe_value(window + 2 * PAGE) == 3
                   && probe_write(window + PAGE, 2) == 1);
    guest_rule_errno("P", "1.6 UNMAP: everything", unmap_object(fd, 0, end), 0);
    munmap(window, 2 * slot);
}

void try_objects(void) {
    fd = sized_region(ROOT "/o", 2);
    end = 2 * slot;
    try_rows();
    try_notes();
    try_unmap();
    close(fd);
    unlink(ROOT "/o");
}
