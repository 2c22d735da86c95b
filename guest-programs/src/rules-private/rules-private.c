/*
 * The baseline that every design is measured against: what Linux does with a MAP_SHARED mapping that processes have in
 * page tables of their own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define PAGES 8

static unsigned char *shared;

/* Returns how a child that stores to the shared page ends: 0, or the signal. */
static int child_store(size_t page, int value) {
    pid_t pid = fork();
    if (pid == 0) {
        shared[page * GUEST_PAGE_BYTES] = (unsigned char) value;
        _exit(0);
    }
    int status = guest_wait(pid);
    return status & 0x7f;
}

int main(void) {
    int fd = memfd_create("rules-private", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, PAGES * GUEST_PAGE_BYTES)) {
        guest_fail("memfd");
    }
    shared = mmap(NULL, PAGES * GUEST_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED) {
        guest_fail("mmap");
    }
    guest_rule("P", "mmap(2): a store by another process is seen", !child_store(0, 7) && shared[0] == 7);
    guest_rule_errno("P", "mprotect(2): rights are the caller's alone: the caller's call",
                     mprotect(shared, GUEST_PAGE_BYTES, PROT_READ) ? errno : 0, 0);
    guest_rule("P", "mprotect(2): a child inherits the rights of the areas", child_store(0, 8) == SIGSEGV);
    int status = ftruncate(fd, GUEST_PAGE_BYTES);
    guest_rule("P", "ftruncate(2): beyond the end is SIGBUS for every mapping", !status && child_store(1, 1) == SIGBUS);
    return guest_rules_end();
}
