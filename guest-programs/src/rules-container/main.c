/* The rules of container: what Hildenbrand asked for, and what we decided (emulator/designs/container.md). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container.h"
#include "guest.h"
#include "probe.h"

#define PAGE GUEST_PAGE_BYTES
#define RW (PROT_READ | PROT_WRITE)
#define BYTES (6 * PAGE)

static int fd;
static int object;
static unsigned char *window;
static uint32_t *steps;

static int put(uint64_t page, uint64_t pages, uint64_t file_page, uint32_t prot, int file) {
    struct container_map map = {page * PAGE, pages * PAGE, file_page * PAGE, prot, 0, file, 0};
    return probe_errno(ioctl(fd, CONTAINER_MAP, &map));
}

static int change(unsigned long request, uint64_t page, uint64_t pages, uint32_t prot) {
    struct container_range range = {page * PAGE, pages * PAGE, prot, 0};
    return probe_errno(ioctl(fd, request, &range));
}

static int map_errno(size_t bytes, int prot, int flags, off_t offset) {
    void *at = mmap(NULL, bytes, prot, flags, fd, offset);
    if (at == MAP_FAILED) {
        return errno;
    }
    munmap(at, bytes);
    return 0;
}

static void try_creation(void) {
    struct stat status;
    guest_rule_errno("O", "container_create takes O_CLOEXEC only", probe_errno(container_create(O_NONBLOCK)), EINVAL);
    fd = container_create(O_CLOEXEC);
    guest_rule("T", "a container is a descriptor", fd >= 0 && (fcntl(fd, F_GETFD) & FD_CLOEXEC));
    guest_rule_errno("O", "before its size is set: mmap", map_errno(BYTES, RW, MAP_SHARED, 0), EINVAL);
    guest_rule_errno("O", "before its size is set: ioctl", put(0, 1, 0, RW, object), EINVAL);
    guest_rule_errno("T", "ftruncate sets the size (28 Jan 2025)", probe_errno(ftruncate(fd, BYTES - 5)), 0);
    guest_rule("O", "any size, rounded up to pages", !fstat(fd, &status) && status.st_size == (off_t) BYTES);
    guest_rule_errno("O", "once", probe_errno(ftruncate(fd, 2 * BYTES)), EINVAL);
    char byte = 0;
    guest_rule_errno("O", "it is not read", probe_errno(read(fd, &byte, 1)), EINVAL);
    guest_rule_errno("O", "nor written", probe_errno(write(fd, &byte, 1)), EINVAL);
    guest_rule_errno("O", "an unknown ioctl", probe_errno(ioctl(fd, 0x7802, 0)), ENOTTY);
    guest_rule_errno("O", "an unreadable argument", probe_errno(ioctl(fd, CONTAINER_MAP, 8)), EFAULT);
}

static void try_filter(void) {
    struct container_map odd = {0, PAGE, 0, RW, 2, object, 0};
    int ends[2];
    guest_rule_errno("T", "a part of a memfd may be put in", put(0, 2, 0, RW, object), 0);
    guest_rule_errno("T", "anonymous memory may not: there is no descriptor of it", put(2, 1, 0, RW, -1), EBADF);
    guest_rule_errno("T", "a container may not", put(2, 1, 0, RW, fd), EINVAL);
    int huge = memfd_create("huge", MFD_HUGETLB);
    guest_rule_errno("O", "a hugetlb file may not", put(0, 1, 0, RW, huge), EINVAL);
    close(huge);
    if (pipe(ends)) {
        guest_fail("pipe");
    }
    guest_rule_errno("T", "what cannot be mapped may not", put(2, 1, 0, PROT_READ, ends[0]), EINVAL);
    int program = open("/proc/self/exe", O_RDONLY);
    guest_rule_errno("T", "an ordinary file may (DAX windows)", put(2, 1, 0, PROT_READ, program), 0);
    guest_rule_errno("O", "but not to be written without the right", put(3, 1, 0, RW, program), EACCES);
    guest_rule_errno("T", "nothing executable", put(3, 1, 0, PROT_READ | PROT_EXEC, program), EINVAL);
    guest_rule_errno("O", "beyond the end", put(5, 2, 0, RW, object), EINVAL);
    guest_rule_errno("O", "no bytes", put(0, 0, 0, RW, object), EINVAL);
    guest_rule_errno("O", "an unknown flag", probe_errno(ioctl(fd, CONTAINER_MAP, &odd)), EINVAL);
    odd.flags = CONTAINER_NO_REPLACE;
    guest_rule_errno("O", "CONTAINER_NO_REPLACE over something", probe_errno(ioctl(fd, CONTAINER_MAP, &odd)), EEXIST);
    odd.offset = 100;
    guest_rule_errno("O", "an unaligned offset", probe_errno(ioctl(fd, CONTAINER_MAP, &odd)), EINVAL);
    close(program);
    close(ends[0]);
    close(ends[1]);
}

static void try_windows(void) {
    guest_rule_errno("T", "MAP_SHARED only", map_errno(BYTES, RW, MAP_PRIVATE, 0), EINVAL);
    guest_rule_errno("T", "a window with fewer rights than something inside",
                     map_errno(BYTES, PROT_READ, MAP_SHARED, 0), EACCES);
    guest_rule_errno("O", "a window that ends within a slot and the container", map_errno(2 * PAGE, RW, MAP_SHARED, 0), EINVAL);
    guest_rule_errno("O", "a window from within a slot", map_errno(BYTES - PAGE, RW, MAP_SHARED, PAGE), EINVAL);
    window = mmap(NULL, BYTES, RW, MAP_SHARED, fd, 0);
    guest_rule("T", "a window with all of them", window != MAP_FAILED && !probe_write(window, 1));
    guest_rule("O", "an object with fewer rights keeps them", probe_write(window + 2 * PAGE, 1) == 2);
    guest_rule("O", "a hole is SIGSEGV", probe_write(window + 4 * PAGE, 1) == 1);
    guest_rule("O", "and so is the padding", probe_write(window + BYTES, 1) == 1);
    guest_rule_errno("T", "mprotect is not rerouted", probe_errno(mprotect(window, PAGE, PROT_READ)), EINVAL);
    guest_rule_errno("T", "a partial munmap is not", probe_errno(munmap(window, PAGE)), EINVAL);
    guest_rule_errno("T", "mmap over it is not",
                     probe_errno((long) mmap(window, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)), EINVAL);
    guest_rule_errno("T", "advice about pages fails", probe_errno(madvise(window, PAGE, MADV_DONTNEED)), EINVAL);
    guest_rule_errno("T", "MADV_PAGEOUT too", probe_errno(madvise(window, PAGE, MADV_PAGEOUT)), EINVAL);
}

static void try_changes(void) {
    guest_rule_errno("T", "protect", change(CONTAINER_PROTECT, 0, 1, PROT_READ), 0);
    guest_rule("T", "holds at once", probe_write(window, 2) == 2 && probe_value(window) == 1);
    guest_rule_errno("T", "a right that a window lacks", change(CONTAINER_PROTECT, 0, 1, PROT_READ | PROT_EXEC), EINVAL);
    guest_rule_errno("O", "protect of a hole", change(CONTAINER_PROTECT, 4, 1, PROT_READ), ENOMEM);
    guest_rule_errno("O", "protect beyond the end", change(CONTAINER_PROTECT, 5, 2, PROT_READ), EINVAL);
    change(CONTAINER_PROTECT, 0, 1, RW);
    guest_rule_errno("O", "unmap with a protection", change(CONTAINER_UNMAP, 0, 1, RW), EINVAL);
    guest_rule_errno("T", "unmap", change(CONTAINER_UNMAP, 0, 1, 0), 0);
    guest_rule("T", "holds at once", probe_write(window, 3) == 1);
    guest_rule("O", "the file keeps what was written", !put(0, 1, 0, RW, object) && probe_value(window) == 1);
    guest_rule("O", "another part of the file in its place",
               pwrite(object, &(uint64_t){77}, 8, 3 * PAGE) == 8 && !put(0, 1, 3, RW, object) && probe_value(window) == 77);
    put(0, 1, 0, RW, object);
}

static int be_device(void *nothing) {
    unsigned char *mine = mmap(NULL, BYTES, RW, MAP_SHARED, fd, 0);
    int wrong = mine == window || probe_value(mine) != 1;
    __atomic_store_n(&steps[0], 1, __ATOMIC_RELEASE);
    guest_await(&steps[1], 1);
    wrong |= (probe_value(mine) != 77) << 1;
    wrong |= (probe_value(window) != 77) << 2;
    return wrong;
}

static int drop_window(void *nothing) {
    return munmap(window, BYTES) || probe_value(window) != ~0ull;
}

static void try_sharing(void) {
    pid_t child = fork();
    if (!child) {
        _exit(be_device(NULL));
    }
    guest_await(&steps[0], 1);
    put(0, 1, 3, RW, object);
    __atomic_store_n(&steps[1], 1, __ATOMIC_RELEASE);
    int wrong = guest_wait(child) >> 8;
    guest_rule("T", "another process has its own window, at another address", !(wrong & 1));
    guest_rule("T", "what the parent puts in is there for it, without its cooperation", !(wrong & 2));
    guest_rule("O", "a child has its parent's window too", !(wrong & 4));
    guest_rule("O", "munmap of what was asked for takes window and padding, from the caller alone",
               !probe_in_child(drop_window, NULL) && probe_value(window) == 77);
    guest_rule_errno("T", "a right that no window has, when there is one", put(1, 1, 0, PROT_READ, object), 0);
    munmap(window, BYTES);
    change(CONTAINER_UNMAP, 0, 6, 0);
    put(0, 1, 3, PROT_READ, object);
    window = mmap(NULL, BYTES, PROT_READ, MAP_SHARED, fd, 0);
    guest_rule("T", "a read-only window where all is read-only", window != MAP_FAILED && probe_value(window) == 77);
    guest_rule_errno("T", "caps what comes", put(1, 1, 0, RW, object), EACCES);
    guest_rule_errno("T", "and what changes", change(CONTAINER_PROTECT, 0, 1, RW), EACCES);
    close(fd);
    guest_rule("O", "a window keeps the container", probe_value(window) == 77);
    munmap(window, BYTES);
}

int main(void) {
    steps = guest_shared_memory(PAGE);
    object = memfd_create("object", 0);
    if (ftruncate(object, 8 * PAGE)) {
        guest_fail("object");
    }
    try_creation();
    try_filter();
    try_windows();
    try_changes();
    try_sharing();
    return guest_rules_end();
}
