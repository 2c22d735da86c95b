/*
 * The msharefs interface (v3), from many sides: what each call answers, in a fixed order; then objects created,
 * used by two processes and unmapped many times. Needs msharefs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../libguest/design.h"
#include "msharefs.h"

#define PATH MSHAREFS_ROOT "/create-mapping"
#define OBJECT_FLAGS (MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS)

static size_t alignment;
static int fd;

static int errno_of(long result) {
    return result < 0 ? errno : 0;
}

static int create(uint64_t region_offset, uint64_t size, uint32_t prot, uint32_t flags, int object_fd) {
    struct mshare_create argument = {region_offset, size, 0, prot, flags, (uint32_t) object_fd};
    return errno_of(ioctl(fd, MSHAREFS_CREATE_MAPPING, &argument));
}

static int create_pages(uint64_t first_page, uint64_t pages, uint32_t prot) {
    return create(first_page * GUEST_PAGE_BYTES, pages * GUEST_PAGE_BYTES, prot, OBJECT_FLAGS, -1);
}

static int unmap(uint64_t region_offset, uint64_t size) {
    struct mshare_unmap argument = {region_offset, size};
    return errno_of(ioctl(fd, MSHAREFS_UNMAP, &argument));
}

static int map_errno(void *hint, size_t size_bytes, int flags) {
    void *at = mmap(hint, size_bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (at == MAP_FAILED) {
        return errno;
    }
    munmap(at, size_bytes);
    return 0;
}

static void check_before_size(void) {
    struct stat status;
    guest_check("a new region has size 0", !fstat(fd, &status) && status.st_size == 0);
    guest_check_errno("ioctl before the size is set", create_pages(0, 1, PROT_READ), EINVAL);
    guest_check_errno("unknown ioctl before the size is set", errno_of(ioctl(fd, 0x7802, 0)), EINVAL);
    guest_check_errno("mmap before the size is set", map_errno(NULL, alignment, MAP_SHARED), EINVAL);
    guest_check_errno("size that is no multiple", errno_of(ftruncate(fd, (off_t) (alignment / 2))), EINVAL);
    guest_check_errno("size of two slots", errno_of(ftruncate(fd, (off_t) (2 * alignment))), 0);
    guest_check_errno("the same size again", errno_of(ftruncate(fd, (off_t) (2 * alignment))), EINVAL);
    guest_check("stat tells the size", !fstat(fd, &status) && status.st_size == (off_t) (2 * alignment));
}

static void check_create(void) {
    char byte = 0;
    int object = memfd_create("object", 0);
    uint64_t end = 2 * alignment;
    guest_check_errno("read(2)", errno_of(read(fd, &byte, 1)), EINVAL);
    guest_check_errno("write(2)", errno_of(write(fd, &byte, 1)), EINVAL);
    guest_check_errno("unknown ioctl", errno_of(ioctl(fd, 0x7802, 0)), ENOTTY);
    guest_check_errno("create: unreadable argument", errno_of(ioctl(fd, MSHAREFS_CREATE_MAPPING, 8)), EFAULT);
    guest_check_errno("create: offset at the end", create(end, GUEST_PAGE_BYTES, 3, OBJECT_FLAGS, -1), EINVAL);
    guest_check_errno("create: offset that wraps", create(-GUEST_PAGE_BYTES, GUEST_PAGE_BYTES, 3, OBJECT_FLAGS, -1),
                      EINVAL);
    guest_check_errno("create: not MAP_SHARED", create(0, GUEST_PAGE_BYTES, 3, MAP_FIXED | MAP_ANONYMOUS, -1), EINVAL);
    guest_check_errno("create: not MAP_FIXED", create(0, GUEST_PAGE_BYTES, 3, MAP_SHARED | MAP_ANONYMOUS, -1), EINVAL);
    guest_check_errno("create: bad descriptor", create(0, GUEST_PAGE_BYTES, 3, MAP_SHARED | MAP_FIXED, -1), EBADF);
    guest_check_errno("create: a region in a region", create(0, GUEST_PAGE_BYTES, 3, MAP_SHARED | MAP_FIXED, fd), EINVAL);
    guest_check_errno("create: beyond the end", create(end - GUEST_PAGE_BYTES, 2 * GUEST_PAGE_BYTES, 3, OBJECT_FLAGS, -1),
                      EINVAL);
    guest_check_errno("create: size 0", create(0, 0, 3, OBJECT_FLAGS, -1), EINVAL);
    guest_check_errno("create: unaligned offset", create(100, GUEST_PAGE_BYTES, 3, OBJECT_FLAGS, -1), EINVAL);
    guest_check_errno("create: anonymous", create_pages(0, 4, PROT_READ | PROT_WRITE), 0);
    guest_check_errno("create: over an object", create_pages(2, 4, PROT_READ | PROT_WRITE), 0);
    guest_check_errno("create: MAP_FIXED_NOREPLACE over an object",
                      create(0, GUEST_PAGE_BYTES, 3, OBJECT_FLAGS | MAP_FIXED_NOREPLACE, -1), EEXIST);
    guest_check_errno("create: last page", create(end - GUEST_PAGE_BYTES, GUEST_PAGE_BYTES, 3, OBJECT_FLAGS, -1), 0);
    guest_check_errno("size of a memfd", errno_of(ftruncate(object, 2 * GUEST_PAGE_BYTES)), 0);
    guest_check_errno("create: memfd", create(16 * GUEST_PAGE_BYTES, 2 * GUEST_PAGE_BYTES, 3, MAP_SHARED | MAP_FIXED, object),
                      0);
    close(object);
}

static void check_unmap(void) {
    uint64_t end = 2 * alignment;
    guest_check_errno("unmap: unreadable argument", errno_of(ioctl(fd, MSHAREFS_UNMAP, 8)), EFAULT);
    guest_check_errno("unmap: offset at the end", unmap(end, GUEST_PAGE_BYTES), EINVAL);
    guest_check_errno("unmap: beyond the end", unmap(end - GUEST_PAGE_BYTES, 2 * GUEST_PAGE_BYTES), EINVAL);
    guest_check_errno("unmap: more than the region", unmap(0, end + GUEST_PAGE_BYTES), EINVAL);
    guest_check_errno("unmap: size 0", unmap(0, 0), EINVAL);
    guest_check_errno("unmap: unaligned", unmap(7, GUEST_PAGE_BYTES), EINVAL);
    guest_check_errno("unmap: a hole", unmap(100 * GUEST_PAGE_BYTES, GUEST_PAGE_BYTES), 0);
    guest_check_errno("unmap: middle of an object", unmap(GUEST_PAGE_BYTES, GUEST_PAGE_BYTES), 0);
    guest_check_errno("unmap: everything", unmap(0, end), 0);
}

static void check_window(void) {
    guest_check_errno("window: MAP_PRIVATE", map_errno(NULL, 2 * alignment, MAP_PRIVATE), EINVAL);
    guest_check_errno("window: half of the region", map_errno(NULL, alignment, MAP_SHARED), EINVAL);
    guest_check_errno("window: unaligned address",
                      map_errno((void *) (alignment * 8 + GUEST_PAGE_BYTES), 2 * alignment, MAP_SHARED | MAP_FIXED), EINVAL);
    unsigned char *window = mmap(NULL, 2 * alignment, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (window == MAP_FAILED) {
        guest_fail("window");
    }
    guest_check("window: aligned", (uintptr_t) window % alignment == 0);
    guest_check_errno("window: mprotect", errno_of(mprotect(window, GUEST_PAGE_BYTES, PROT_READ)), EINVAL);
    guest_check_errno("window: munmap of a part", errno_of(munmap(window, GUEST_PAGE_BYTES)), EINVAL);
    guest_check_errno("window: mremap to less",
                      errno_of((long) mremap(window, 2 * alignment, alignment, 0) == -1 ? -1 : 0), EINVAL);
    guest_check_errno("window: munmap", errno_of(munmap(window, 2 * alignment)), 0);
    guest_check_errno("mshare_info: unlink", errno_of(unlink(MSHAREFS_ROOT "/mshare_info")), EPERM);
    guest_check_errno("mshare_info: rename", errno_of(rename(PATH, MSHAREFS_ROOT "/mshare_info")), EPERM);
    guest_check_errno("symlink", errno_of(symlink("x", MSHAREFS_ROOT "/link")), EPERM);
}

static sigjmp_buf escape;
static volatile int fault_code;

static void on_fault(int signal, siginfo_t *info, void *context) {
    fault_code = info->si_code;
    siglongjmp(escape, 1);
}

/* Returns 0, or the code of the SIGSEGV. */
static int write_word(unsigned char *at, uint64_t value) {
    if (sigsetjmp(escape, 1)) {
        return fault_code;
    }
    *(volatile uint64_t *) at = value;
    return 0;
}

static int read_word(unsigned char *at, uint64_t *value) {
    if (sigsetjmp(escape, 1)) {
        return fault_code;
    }
    *value = *(volatile uint64_t *) at;
    return 0;
}

enum { ROUNDS = 50, PAGES = 24 };

struct meeting {
    struct guest_barrier barrier;
    uint32_t wrong;
};

/* Returns how many of the child's accesses came out wrong: it must see every change at once, without a call. */
static uint32_t consume(unsigned char *window, struct meeting *meeting) {
    uint32_t wrong = 0;
    for (int round = 0; round < ROUNDS; round++) {
        guest_barrier_wait(&meeting->barrier, 2);
        for (uint64_t page = 0; page < PAGES; page++) {
            uint64_t value = 0;
            wrong += read_word(window + page * GUEST_PAGE_BYTES, &value) || value != guest_mix(page + (uint64_t) round);
            wrong += write_word(window + page * GUEST_PAGE_BYTES + 8, value + 1) != 0;
        }
        guest_barrier_wait(&meeting->barrier, 2);
        guest_barrier_wait(&meeting->barrier, 2); /* unmapped now, but for the last page, which is read-only */
        uint64_t value;
        wrong += read_word(window, &value) != SEGV_MAPERR;
        wrong += read_word(window + (PAGES - 1) * GUEST_PAGE_BYTES, &value) != 0 || value != 0;
        wrong += write_word(window + (PAGES - 1) * GUEST_PAGE_BYTES, 1) != SEGV_ACCERR;
        guest_barrier_wait(&meeting->barrier, 2);
    }
    return wrong;
}

static uint32_t produce(unsigned char *window, struct meeting *meeting) {
    uint32_t wrong = 0;
    for (int round = 0; round < ROUNDS; round++) {
        wrong += create_pages(0, PAGES, PROT_READ | PROT_WRITE) != 0;
        for (uint64_t page = 0; page < PAGES; page++) {
            wrong += write_word(window + page * GUEST_PAGE_BYTES, guest_mix(page + (uint64_t) round)) != 0;
        }
        guest_barrier_wait(&meeting->barrier, 2);
        guest_barrier_wait(&meeting->barrier, 2);
        for (uint64_t page = 0; page < PAGES; page++) {
            uint64_t value = 0;
            wrong += read_word(window + page * GUEST_PAGE_BYTES + 8, &value)
                     || value != guest_mix(page + (uint64_t) round) + 1;
        }
        wrong += unmap(0, (PAGES - 1) * GUEST_PAGE_BYTES) != 0;
        wrong += create_pages(PAGES - 1, 1, PROT_READ) != 0;
        guest_barrier_wait(&meeting->barrier, 2);
        guest_barrier_wait(&meeting->barrier, 2);
        wrong += unmap(0, PAGES * GUEST_PAGE_BYTES) != 0;
    }
    return wrong;
}

static unsigned char *attach(void) {
    unsigned char *window = mmap(NULL, 2 * alignment, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (window == MAP_FAILED) {
        guest_fail("window");
    }
    return window;
}

static void use_by_two(void) {
    struct meeting *meeting = guest_shared_memory(GUEST_PAGE_BYTES);
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        meeting->wrong = consume(attach(), meeting);
        _exit(0);
    }
    uint32_t wrong = produce(attach(), meeting);
    int status = guest_wait(child);
    printf("%d rounds by two processes: %u and %u wrong\n", ROUNDS, wrong, meeting->wrong);
    guest_check("two processes", !wrong && !meeting->wrong && !status);
}

/* The creator of a region exits: what lay in it is gone, and it cannot be mapped any more. */
static void owner_exit(void) {
    uint32_t *steps = guest_shared_memory(GUEST_PAGE_BYTES);
    close(fd);
    pid_t owner = fork();
    if (!owner) {
        fd = open(PATH, O_CREAT | O_RDWR, 0600);
        int failed = ftruncate(fd, (off_t) (2 * alignment)) || create_pages(0, 1, PROT_READ | PROT_WRITE);
        __atomic_store_n(&steps[0], 1, __ATOMIC_RELEASE);
        guest_await(&steps[1], 1);
        _exit(failed);
    }
    guest_await(&steps[0], 1);
    fd = open(PATH, O_RDWR);
    unsigned char *window = attach();
    uint64_t value = 0;
    guest_check("owner alive: write", !write_word(window, 5) && !read_word(window, &value) && value == 5);
    __atomic_store_n(&steps[1], 1, __ATOMIC_RELEASE);
    guest_check("owner exits", guest_wait(owner) == 0);
    guest_check("owner gone: no mapping", read_word(window, &value) == SEGV_MAPERR);
    guest_check_errno("owner gone: mmap", map_errno(NULL, 2 * alignment, MAP_SHARED), EINVAL);
    guest_check_errno("unlink", errno_of(unlink(PATH)), 0);
}

int main(void) {
    alignment = guest_msharefs_alignment();
    if (!alignment) {
        guest_refuse(1, "no msharefs at " MSHAREFS_ROOT);
    }
    guest_mark("answers");
    guest_check_errno("open of a missing region", errno_of(open(PATH, O_RDWR)), ENOENT);
    fd = open(PATH, O_CREAT | O_EXCL | O_RDWR, 0600);
    if (fd < 0) {
        guest_fail(PATH);
    }
    guest_check_errno("create it again", errno_of(open(PATH, O_CREAT | O_EXCL | O_RDWR, 0600)), EEXIST);
    check_before_size();
    check_create();
    check_unmap();
    check_window();
    guest_mark("two processes");
    use_by_two();
    guest_check_errno("unlink", errno_of(unlink(PATH)), 0);
    guest_mark("owner exit");
    owner_exit();
    return guest_checks_status();
}
