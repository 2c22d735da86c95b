/* Sections 1.1 to 1.5: the file system, mshare_info, directories, sizes, and what a region's file cannot do. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "rules.h"

#define INFO ROOT "/mshare_info"

static void try_mount(void) {
    struct statfs status;
    struct stat root;
    guest_rule("P", "1.1: statfs tells the magic number MSHR", !statfs(ROOT, &status) && status.f_type == 0x4d534852);
    guest_rule("P", "1.1: the root is inode 1 with mode 0777 and 2 links",
               !stat(ROOT, &root) && root.st_ino == 1 && (root.st_mode & 07777) == 0777 && root.st_nlink == 2);
    close(new_region(ROOT "/mine"));
    mkdir("/tmp/other", 0700);
    guest_rule_errno("D", "1.1: it can be mounted again", probe_errno(mount("none", "/tmp/other", "msharefs", 0, NULL)), 0);
    guest_rule("D", "1.1: every mount is an instance of its own, empty but for mshare_info",
               access("/tmp/other/mine", F_OK) && !access("/tmp/other/mshare_info", F_OK));
    close(new_region("/tmp/other/gone"));
    guest_rule_errno("D", "1.1: an idle instance can be unmounted", probe_errno(umount("/tmp/other")), 0);
    mount("none", "/tmp/other", "msharefs", 0, NULL);
    guest_rule("D", "1.1: unmounting drops its files", access("/tmp/other/gone", F_OK));
    umount("/tmp/other");
    unlink(ROOT "/mine");
}

static void try_info(void) {
    struct stat status;
    char text[64] = "";
    char due[64];
    int fd = open(INFO, O_RDONLY);
    ssize_t length = read(fd, text, sizeof text - 1);
    snprintf(due, sizeof due, "%zu\n", slot);
    guest_rule("P", "1.2: mshare_info is inode 2 with mode 0444",
               !stat(INFO, &status) && status.st_ino == 2 && (status.st_mode & 07777) == 0444);
    guest_rule("P", "1.2: reading it gives the alignment in decimal and a newline",
               length == (ssize_t) strlen(due) && !strcmp(text, due));
    guest_rule("P", "1.2: the alignment is P4D_SIZE", slot == (1ul << 39) || slot == (1ul << 30));
    guest_rule("P", "1.2: reading past its end gives 0", read(fd, text, sizeof text) == 0);
    guest_rule("P", "1.2: seeking in it does nothing", lseek(fd, 0, SEEK_SET) == length);
    close(fd);
    close(new_region(ROOT "/a"));
    guest_rule_errno("P", "1.2: it cannot be unlinked", probe_errno(unlink(INFO)), EPERM);
    guest_rule_errno("P", "1.2: it cannot be renamed", probe_errno(rename(INFO, ROOT "/b")), EPERM);
    guest_rule_errno("P", "1.2: nothing can be renamed to it", probe_errno(rename(ROOT "/a", INFO)), EPERM);
    unlink(ROOT "/a");
}

static void try_directories(void) {
    struct stat status;
    guest_rule_errno("P", "1.3: mkdir", probe_errno(mkdir(ROOT "/d", 0750)), 0);
    close(new_region(ROOT "/d/r"));
    guest_rule("P", "1.3: a region has the permissions it was created with",
               !stat(ROOT "/d/r", &status) && (status.st_mode & 07777) == 0600 && S_ISREG(status.st_mode));
    guest_rule_errno("P", "1.3: hard link", probe_errno(link(ROOT "/d/r", ROOT "/l")), 0);
    guest_rule_errno("P", "1.3: rename", probe_errno(rename(ROOT "/l", ROOT "/d/m")), 0);
    guest_rule_errno("P", "1.3: rmdir of a directory that is not empty", probe_errno(rmdir(ROOT "/d")), ENOTEMPTY);
    guest_rule_errno("P", "1.3: unlink", probe_errno(unlink(ROOT "/d/m")), 0);
    unlink(ROOT "/d/r");
    guest_rule_errno("P", "1.3: rmdir", probe_errno(rmdir(ROOT "/d")), 0);
    guest_rule_skipped("D", "1.3: no mknod", "mknod(2) makes regular files only here, wherever it is asked");
    guest_rule_errno("D", "1.3: no symlink", probe_errno(symlink("x", ROOT "/n")), EPERM);
    guest_rule_errno("D", "1.3: no O_TMPFILE", probe_errno(open(ROOT, O_TMPFILE | O_RDWR, 0600)), EOPNOTSUPP);
}

static void try_uninitialised(void) {
    struct stat status;
    int fd = new_region(ROOT "/u");
    guest_rule("P", "1.3: a new region has size 0", !fstat(fd, &status) && status.st_size == 0);
    guest_rule_errno("P", "1.3: before its size is set, mmap", map_errno(fd, NULL, slot, 3, MAP_SHARED), EINVAL);
    guest_rule_errno("P", "1.6 row 1: before its size is set, any ioctl", probe_errno(ioctl(fd, 0x7802, 0)), EINVAL);
    guest_rule_errno("P", "1.6 row 1: before its size is set, an unreadable argument",
                     probe_errno(ioctl(fd, MSHAREFS_CREATE_MAPPING, 8)), EINVAL);
    close(fd);
    unlink(ROOT "/u");
}

static void try_sizes(void) {
    struct stat status;
    int fd = new_region(ROOT "/s");
    int reader = open(ROOT "/s", O_RDONLY);
    guest_rule_errno("P", "1.4: a size that is no multiple", probe_errno(ftruncate(fd, (off_t) (slot / 2))), EINVAL);
    guest_rule_errno("D", "1.4: ftruncate through a descriptor that cannot write",
                     probe_errno(ftruncate(reader, (off_t) slot)), EINVAL);
    guest_rule_errno("D", "1.4: fallocate through a descriptor that cannot write",
                     probe_errno(fallocate(reader, 0, 0, (off_t) slot)), EBADF);
    guest_rule_errno("P", "1.4: fallocate with a mode",
                     probe_errno(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t) slot)), EOPNOTSUPP);
    guest_rule_errno("P", "1.4: fallocate with an offset",
                     probe_errno(fallocate(fd, 0, (off_t) slot, (off_t) slot)), EINVAL);
    guest_rule_errno("D", "1.4: fallocate of nothing", probe_errno(fallocate(fd, 0, 0, 0)), EINVAL);
    guest_rule_errno("P", "1.4: fallocate sets the size", probe_errno(fallocate(fd, 0, 0, (off_t) (2 * slot))), 0);
    guest_rule("P", "1.4: stat tells the size", !fstat(fd, &status) && status.st_size == (off_t) (2 * slot));
    guest_rule_errno("P", "1.4: the same size again", probe_errno(ftruncate(fd, (off_t) (2 * slot))), EINVAL);
    guest_rule_errno("P", "1.4: a larger size", probe_errno(ftruncate(fd, (off_t) (3 * slot))), EINVAL);
    guest_rule_errno("D", "1.4: O_TRUNC on it", probe_errno(open(ROOT "/s", O_RDWR | O_TRUNC)), EINVAL);
    guest_rule_errno("P", "1.4: chmod", probe_errno(fchmod(fd, 0640)), 0);
    char byte = 0;
    guest_rule_errno("D", "1.5: read", probe_errno(read(fd, &byte, 1)), EINVAL);
    guest_rule_errno("D", "1.5: write", probe_errno(write(fd, &byte, 1)), EINVAL);
    guest_rule_errno("D", "1.5: lseek", probe_errno(lseek(fd, 0, SEEK_SET)), ESPIPE);
    close(reader);
    close(fd);
    unlink(ROOT "/s");
    fd = new_region(ROOT "/z");
    guest_rule_errno("D", "1.4: size 0 is accepted, once", probe_errno(ftruncate(fd, 0)), 0);
    guest_rule_errno("D", "1.4: and then no other", probe_errno(ftruncate(fd, (off_t) slot)), EINVAL);
    guest_rule_errno("D", "1.4: a region of size 0 cannot be filled", create_pages(fd, 0, 1), EINVAL);
    close(fd);
    unlink(ROOT "/z");
    close(new_region(ROOT "/t"));
    fd = open(ROOT "/t", O_RDWR | O_TRUNC);
    guest_rule_errno("D", "1.4: O_TRUNC sets the size to 0 for ever", probe_errno(ftruncate(fd, (off_t) slot)), EINVAL);
    close(fd);
    unlink(ROOT "/t");
}

void try_files(void) {
    try_mount();
    try_info();
    try_directories();
    try_uninitialised();
    try_sizes();
}
