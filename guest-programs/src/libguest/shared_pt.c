/* What the programs that try the rules of MAP_SHARED_PT have in common. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "shared_pt.h"

int shared_pt_file(size_t bytes) {
    int fd = memfd_create("shared-pt", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, (off_t) bytes)) {
        guest_fail("memfd");
    }
    return fd;
}

int shared_pt_child(int (*work)(void *argument), void *argument) {
    pid_t pid = fork();
    if (pid < 0) {
        guest_fail("fork");
    }
    if (pid == 0) {
        _exit(work(argument));
    }
    int status = guest_wait(pid);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

long shared_pt_fill(unsigned char *memory, int value) {
    guest_minor_faults(); /* its own pages are there from now on */
    long before = guest_minor_faults();
    for (size_t page = 0; page < SHARED_PT_PAGES; page++) {
        *(volatile unsigned char *) (memory + page * GUEST_PAGE_BYTES) = (unsigned char) value;
    }
    return guest_minor_faults() - before;
}

long shared_pt_look(const unsigned char *memory) {
    guest_minor_faults();
    long before = guest_minor_faults();
    for (size_t page = 0; page < SHARED_PT_PAGES; page++) {
        (void) *(const volatile unsigned char *) (memory + page * GUEST_PAGE_BYTES);
    }
    return guest_minor_faults() - before;
}
