/* What msharefs:strict does otherwise than the patches, rule by rule. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../libguest/design.h"
#include "msharefs.h"
#include "probe.h"

#define ROOT "/sys/fs/mshare"
#define PAGE GUEST_PAGE_BYTES
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS)
#define OF_FILE (MAP_SHARED | MAP_FIXED)

static size_t slot;
static int fd;

static int create(int through, uint64_t page, uint32_t prot, uint32_t flags, int object, uint64_t file_offset) {
    struct mshare_create argument = {page * PAGE, PAGE, file_offset, prot, flags, (uint32_t) object};
    return probe_errno(ioctl(through, MSHAREFS_CREATE_MAPPING, &argument));
}

static unsigned char *window_with(int prot) {
    unsigned char *at = mmap(NULL, slot, prot, MAP_SHARED, fd, 0);
    return at == MAP_FAILED ? NULL : at;
}

static void try_cap(void) {
    guest_rule_errno("T", "4 Hildenbrand: without windows any object may be made", create(fd, 0, RW, ANON, -1, 0), 0);
    guest_rule("T", "4 Hildenbrand: a window with fewer rights than an object is EACCES",
               !window_with(PROT_READ) && errno == EACCES);
    guest_rule("T", "4 Hildenbrand: so is one without any", !window_with(PROT_NONE) && errno == EACCES);
    unsigned char *window = window_with(RW);
    guest_rule("T", "4 Hildenbrand: a window with all of them is mapped", window && !probe_write(window, 1));
    guest_rule_errno("T", "4 Hildenbrand: an object with a right that a window lacks is EACCES",
                     create(fd, 1, PROT_READ | PROT_EXEC, ANON, -1, 0), EACCES);
    guest_rule_errno("T", "4 Hildenbrand: one with fewer rights is made", create(fd, 1, PROT_READ, ANON, -1, 0), 0);
    guest_rule("T", "4 Hildenbrand: and its rights hold", window && probe_write(window + PAGE, 1) == 2);
    guest_rule_errno("T", "1.8 Yznaga: MADV_DONTNEED of a window", probe_errno(madvise(window, slot, MADV_DONTNEED)), EINVAL);
    guest_rule_errno("T", "1.8 Yznaga: MADV_PAGEOUT of a window", probe_errno(madvise(window, PAGE, MADV_PAGEOUT)), EINVAL);
    guest_rule_errno("T", "1.8 Yznaga: MADV_WILLNEED of a window", probe_errno(madvise(window, slot, MADV_WILLNEED)), EINVAL);
    munmap(window, slot);
    guest_rule_errno("T", "4 Hildenbrand: when the window is gone it caps nothing",
                     create(fd, 2, PROT_READ | PROT_EXEC, ANON, -1, 0), 0);
    struct mshare_unmap all = {0, slot};
    ioctl(fd, MSHAREFS_UNMAP, &all);
    window = window_with(PROT_READ);
    guest_rule("T", "4 Hildenbrand: an empty region is mapped with any rights", window != NULL);
    guest_rule_errno("T", "4 Hildenbrand: and caps what comes", create(fd, 0, RW, ANON, -1, 0), EACCES);
    munmap(window, slot);
}

static void try_filter(void) {
    int memory = memfd_create("object", 0);
    int zero = open("/dev/zero", O_RDWR);
    int tmp = open("/tmp/object", O_CREAT | O_RDWR, 0600);
    if (ftruncate(memory, 2 * PAGE) || ftruncate(tmp, PAGE)) {
        guest_fail("objects");
    }
    guest_rule_errno("T", "4 Hildenbrand: a memfd may be put in", create(fd, 0, RW, OF_FILE, memory, 0), 0);
    guest_rule_errno("T", "4 Hildenbrand: a file of tmpfs may", create(fd, 1, RW, OF_FILE, tmp, 0), 0);
    int program = open("/proc/self/exe", O_RDONLY);
    guest_rule_errno("T", "4 Hildenbrand: no other file may", create(fd, 2, PROT_READ, OF_FILE, program, 0), EINVAL);
    int huge = memfd_create("huge", MFD_HUGETLB);
    guest_rule_errno("T", "4 Hildenbrand: no file of huge pages may", create(fd, 512, RW, OF_FILE, huge, 0), EINVAL);
    guest_rule_errno("T", "4 Hildenbrand: nor anonymous ones",
                     create(fd, 512, RW, ANON | MAP_HUGETLB | MAP_NORESERVE, -1, 0), EINVAL);
    close(huge);
    guest_rule_errno("O", "1.6: an unaligned file offset", create(fd, 3, RW, OF_FILE, memory, PAGE + 1), EINVAL);
    close(program);
    close(zero);
    close(tmp);
    close(memory);
    unlink("/tmp/object");
}

static int make_and_leave(void *nothing) {
    int own = open(ROOT "/left", O_CREAT | O_EXCL | O_RDWR, 0600);
    return ftruncate(own, (off_t) slot) || create(own, 0, RW, ANON, -1, 0);
}

int main(void) {
    slot = guest_msharefs_alignment();
    fd = open(ROOT "/strict", O_CREAT | O_EXCL | O_RDWR, 0600);
    guest_rule_errno("O", "1.4: size 0", probe_errno(ftruncate(fd, 0)), EINVAL);
    guest_rule_errno("O", "1.4: and the size can still be set", probe_errno(ftruncate(fd, (off_t) slot)), 0);
    try_cap();
    try_filter();
    int reader = open(ROOT "/strict", O_RDONLY);
    struct mshare_unmap page = {0, PAGE};
    guest_rule_errno("O", "1.6: creating through a descriptor that cannot write", create(reader, 0, RW, ANON, -1, 0), EBADF);
    guest_rule_errno("O", "1.6: unmapping through one", probe_errno(ioctl(reader, MSHAREFS_UNMAP, &page)), EBADF);
    guest_rule_errno("O", "1.6: an unknown command through one", probe_errno(ioctl(reader, 0x7802, 0)), ENOTTY);
    guest_rule("O", "1.10: a region is made by a process that exits", !probe_in_child(make_and_leave, NULL));
    int left = open(ROOT "/left", O_RDWR);
    guest_rule_errno("O", "1.10: nobody fills it after that", create(left, 0, RW, ANON, -1, 0), EINVAL);
    return guest_rules_end();
}
