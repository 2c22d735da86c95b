/* Mappings of a memfd and of a file in /tmp: shared and private, beyond the end, truncated, msync. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mremap-brk.h"

#define PAGE GUEST_PAGE_BYTES

static unsigned char *map(int fd, size_t pages, int rights, int flags, off_t offset) {
    void *memory = mmap(NULL, pages * PAGE, rights, flags, fd, offset);
    if (memory == MAP_FAILED) {
        guest_fail("mmap of a file");
    }
    return memory;
}

static void check_both(const char *where, int fd) {
    unsigned char buffer[PAGE];
    printf("%s\n", where);
    guest_check_errno("ftruncate", errno_of(ftruncate(fd, 10 * PAGE)), 0);
    unsigned char *shared = map(fd, 10, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    unsigned char *again = map(fd, 4, PROT_READ, MAP_SHARED, 4 * PAGE);
    unsigned char *private = map(fd, 10, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0);
    fill_pages(shared, 10, 30);
    guest_check("second mapping sees the first", !memcmp(again, shared + 4 * PAGE, 4 * PAGE));
    guest_check("private mapping sees it until it writes", pages_hold(private, 10, 30));
    fill_pages(private, 5, 31);
    guest_check("private writes stay private", pages_hold(shared, 10, 30) && pages_hold(private, 5, 31));
    guest_check_errno("msync", errno_of(msync(shared, 10 * PAGE, MS_SYNC)), 0);
    guest_check("read(2) sees the mapping", pread(fd, buffer, PAGE, 3 * PAGE) == (ssize_t) PAGE
                                                && !memcmp(buffer, shared + 3 * PAGE, PAGE));
    memset(buffer, 'w', PAGE);
    guest_check("write(2) is seen in the mappings", pwrite(fd, buffer, PAGE, 6 * PAGE) == (ssize_t) PAGE
                                                        && shared[6 * PAGE + 9] == 'w' && again[2 * PAGE + 9] == 'w');
    guest_check("private page not yet written sees it too", private[6 * PAGE + 9] == 'w');
    guest_check_errno("ftruncate to less", errno_of(ftruncate(fd, 4 * PAGE + 10)), 0);
    guest_check("within the last page: zeroes", shared[4 * PAGE + 10] == 0 && signal_of_read(shared + 4 * PAGE + 100) == 0);
    guest_check("beyond the end: SIGBUS", signal_of_read(shared + 5 * PAGE) == SIGBUS);
    guest_check("private copy beyond the end: SIGBUS", signal_of_read(private + 7 * PAGE) == SIGBUS);
    guest_check_errno("ftruncate to more", errno_of(ftruncate(fd, 8 * PAGE)), 0);
    guest_check("grown: zeroes", signal_of_read(shared + 5 * PAGE) == 0 && shared[5 * PAGE] == 0 && shared[4 * PAGE + 10] == 0);
    munmap(again, 4 * PAGE);
    munmap(private, 10 * PAGE);
    close(fd);
    guest_check("mapping outlives the descriptor", pages_hold(shared, 4, 30));
    munmap(shared, 10 * PAGE);
}

void check_file_mappings(void) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/sharewalk-mapped.%d", (int) getpid());
    check_both("memfd", memfd_create("mapped", MFD_CLOEXEC));
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR, 0600);
    if (fd < 0) {
        guest_fail(path);
    }
    unlink(path);
    check_both("file in /tmp", fd);
    fd = memfd_create("refused", 0);
    guest_check_errno("mmap of a bad descriptor", errno_of((long) mmap(NULL, PAGE, PROT_READ, MAP_SHARED, 99, 0)), EBADF);
    guest_check_errno("mmap at an unaligned offset", errno_of((long) mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 100)),
                      EINVAL);
    close(fd);
}
