/* Files and directories in /tmp: the system calls that do not map anything. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "guest.h"

static int errno_of(long result) {
    return result == -1 ? errno : 0;
}

static off_t size_of(const char *path) {
    struct stat status;
    return stat(path, &status) ? -1 : status.st_size;
}

static void read_write_seek(void) {
    char text[32] = {0};
    const char *volatile nowhere = (const char *) 8;
    int fd = open("a", O_CREAT | O_EXCL | O_RDWR, 0640);
    guest_check("create", fd >= 0);
    guest_check_errno("create again with O_EXCL", errno_of(open("a", O_CREAT | O_EXCL | O_RDWR, 0640)), EEXIST);
    guest_check("write", write(fd, "hello, file", 11) == 11);
    guest_check("lseek to the start", lseek(fd, 0, SEEK_SET) == 0);
    guest_check("read", read(fd, text, sizeof text) == 11 && !strcmp(text, "hello, file"));
    guest_check("read at the end", read(fd, text, sizeof text) == 0);
    guest_check("lseek from the end", lseek(fd, -4, SEEK_END) == 7 && read(fd, text, 4) == 4 && !memcmp(text, "file", 4));
    guest_check("lseek from here", lseek(fd, -2, SEEK_CUR) == 9);
    guest_check_errno("lseek before the start", errno_of(lseek(fd, -1, SEEK_SET)), EINVAL);
    guest_check("pwrite leaves the position", pwrite(fd, "HELLO", 5, 0) == 5 && lseek(fd, 0, SEEK_CUR) == 9);
    guest_check("pread", pread(fd, text, 5, 0) == 5 && !memcmp(text, "HELLO", 5));
    guest_check("write beyond the end", pwrite(fd, "!", 1, 9999) == 1 && size_of("a") == 10000);
    guest_check("hole reads as zeroes", pread(fd, text, 4, 5000) == 4 && !memcmp(text, "\0\0\0\0", 4));
    guest_check_errno("ftruncate", errno_of(ftruncate(fd, 5)), 0);
    guest_check("size after ftruncate", size_of("a") == 5);
    struct iovec parts[2] = {{(void *) "ab", 2}, {(void *) "cde", 3}};
    guest_check("writev", lseek(fd, 0, SEEK_END) == 5 && writev(fd, parts, 2) == 5 && size_of("a") == 10);
    guest_check_errno("write from a bad address", errno_of(write(fd, nowhere, 10)), EFAULT);
    close(fd);
    guest_check_errno("read of a closed descriptor", errno_of(read(fd, text, 1)), EBADF);
}

static void open_flags(void) {
    char text[32] = {0};
    int fd = open("a", O_WRONLY | O_APPEND);
    guest_check("O_APPEND", lseek(fd, 0, SEEK_SET) == 0 && write(fd, "+", 1) == 1 && size_of("a") == 11);
    guest_check_errno("read through O_WRONLY", errno_of(read(fd, text, 1)), EBADF);
    close(fd);
    fd = open("a", O_RDONLY);
    guest_check_errno("write through O_RDONLY", errno_of(write(fd, "x", 1)), EBADF);
    int copy = dup(fd);
    guest_check("dup shares the position", read(fd, text, 5) == 5 && lseek(copy, 0, SEEK_CUR) == 5);
    int other = open("a", O_RDONLY);
    guest_check("open has its own", lseek(other, 0, SEEK_CUR) == 0);
    guest_check("F_GETFL", (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
    guest_check("F_DUPFD", fcntl(fd, F_DUPFD, 40) == 40 && close(40) == 0);
    guest_check("F_SETFD", fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC && fcntl(copy, F_GETFD) == 0);
    close(fd);
    close(copy);
    close(other);
    fd = open("a", O_RDWR | O_TRUNC);
    guest_check("O_TRUNC", size_of("a") == 0);
    close(fd);
    guest_check_errno("open of nothing", errno_of(open("nothing", O_RDONLY)), ENOENT);
    guest_check_errno("open below a file", errno_of(open("a/b", O_RDONLY)), ENOTDIR);
    guest_check_errno("open of a directory for writing", errno_of(open(".", O_WRONLY)), EISDIR);
    guest_check_errno("O_DIRECTORY of a file", errno_of(open("a", O_DIRECTORY)), ENOTDIR);
}

static int by_name(const void *left, const void *right) {
    return strcmp(*(char *const *) left, *(char *const *) right);
}

static void list(const char *path) {
    char *names[64];
    int count = 0;
    DIR *directory = opendir(path);
    if (!directory) {
        guest_fail(path);
    }
    struct dirent *entry;
    while ((entry = readdir(directory)) && count < 64) {
        names[count++] = strdup(entry->d_name);
    }
    closedir(directory);
    qsort(names, (size_t) count, sizeof *names, by_name);
    printf("entries of %s:", path);
    for (int i = 0; i < count; i++) {
        printf(" %s", names[i]);
    }
    printf("\n");
}

static void names(void) {
    struct stat status;
    guest_check_errno("mkdir", errno_of(mkdir("d", 0750)), 0);
    guest_check_errno("mkdir again", errno_of(mkdir("d", 0750)), EEXIST);
    guest_check("stat of a directory", !stat("d", &status) && S_ISDIR(status.st_mode) && (status.st_mode & 0777) == 0750);
    guest_check("stat of a file", !stat("a", &status) && S_ISREG(status.st_mode) && (status.st_mode & 0777) == 0640
                                      && status.st_nlink == 1);
    for (int i = 0; i < 20; i++) {
        char path[32];
        snprintf(path, sizeof path, "d/entry%02d", i);
        close(open(path, O_CREAT | O_WRONLY, 0600));
    }
    list("d");
    guest_check_errno("rename", errno_of(rename("a", "d/moved")), 0);
    guest_check_errno("old name", errno_of(access("a", F_OK)), ENOENT);
    guest_check_errno("new name", errno_of(access("d/moved", R_OK | W_OK)), 0);
    guest_check_errno("rename over a file", errno_of(rename("d/moved", "d/entry00")), 0);
    guest_check_errno("rmdir of a full directory", errno_of(rmdir("d")), ENOTEMPTY);
    guest_check_errno("unlink of a directory", errno_of(unlink("d")), EISDIR);
    int fd = open("d/entry01", O_RDWR);
    guest_check_errno("unlink", errno_of(unlink("d/entry01")), 0);
    guest_check("unlinked file lives while open", write(fd, "x", 1) == 1 && !fstat(fd, &status) && status.st_nlink == 0
                                                      && status.st_size == 1);
    close(fd);
    guest_check_errno("unlink of nothing", errno_of(unlink("d/entry01")), ENOENT);
    guest_check_errno("chdir", errno_of(chdir("d")), 0);
    char path[256];
    guest_check("getcwd", getcwd(path, sizeof path) && !strcmp(path + strlen(path) - 2, "/d"));
    list(".");
    for (int i = 0; i < 20; i++) {
        snprintf(path, sizeof path, "entry%02d", i);
        unlink(path);
    }
    guest_check_errno("chdir back", errno_of(chdir("..")), 0);
    guest_check_errno("rmdir", errno_of(rmdir("d")), 0);
}

static void streams(void) {
    FILE *file = fopen("stream", "w+");
    if (!file) {
        guest_fail("fopen");
    }
    for (int i = 0; i < 2000; i++) {
        fprintf(file, "line %d\n", i);
    }
    rewind(file);
    char line[64];
    long sum = 0;
    int lines = 0;
    while (fgets(line, sizeof line, file)) {
        sum += atoi(line + 5);
        lines++;
    }
    printf("stream: %d lines, sum %ld, end at %ld\n", lines, sum, ftell(file));
    fclose(file);
    unlink("stream");
}

int main(void) {
    char path[64];
    umask(022);
    snprintf(path, sizeof path, "/tmp/sharewalk-files.%d", (int) getpid());
    if (mkdir(path, 0700) || chdir(path)) {
        guest_fail(path);
    }
    guest_mark("contents");
    read_write_seek();
    open_flags();
    guest_mark("names");
    names();
    guest_mark("streams");
    streams();
    guest_check_errno("clean up", errno_of(rmdir(path)), 0);
    return guest_checks_status();
}
