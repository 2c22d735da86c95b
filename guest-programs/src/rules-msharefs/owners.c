/* Section 1.10: the task that created a region owns it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rules.h"

static uint32_t *steps;

static int own(void *nothing) {
    int fd = sized_region(ROOT "/own", 1);
    int failed = create_pages(fd, 0, 1);
    close(fd);
    __atomic_store_n(&steps[0], 1, __ATOMIC_RELEASE);
    guest_await(&steps[1], 1);
    return failed;
}

static void try_exit(void) {
    pid_t owner = fork();
    if (!owner) {
        _exit(own(NULL));
    }
    guest_await(&steps[0], 1);
    int fd = open(ROOT "/own", O_RDWR);
    unsigned char *window = window_of(fd, 1);
    uint64_t value;
    guest_rule("P", "1.10: while its owner lives a region is used by others",
               !probe_write(window, 6) && probe_value(window) == 6);
    __atomic_store_n(&steps[1], 1, __ATOMIC_RELEASE);
    guest_wait(owner);
    guest_rule("P", "1.10: the owner's exit unmaps everything in it", probe_read(window, &value) == 1);
    guest_rule_errno("P", "1.7: a region without its owner cannot be mapped",
                     map_errno(fd, NULL, slot, PROT_READ | PROT_WRITE, MAP_SHARED), EINVAL);
    guest_rule_errno("P", "1.10: its name stays", access(ROOT "/own", F_OK), 0);
    guest_rule("D", "1.10: CREATE_MAPPING still works, and existing windows see it",
               !create_pages(fd, 0, 1) && !probe_write(window, 7) && probe_value(window) == 7);
    munmap(window, slot);
    close(fd);
    unlink(ROOT "/own");
}

static void *own_in_thread(void *nothing) {
    int fd = sized_region(ROOT "/thread", 1);
    create_pages(fd, 0, 1);
    close(fd);
    return NULL;
}

static void try_thread(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, own_in_thread, NULL) || pthread_join(thread, NULL)) {
        guest_fail("thread");
    }
    /* The thread is joined before the kernel has finished with it. */
    int fd = open(ROOT "/thread", O_RDWR);
    int error = 0;
    for (int i = 0; i < 1000 && !error; i++) {
        error = map_errno(fd, NULL, slot, PROT_READ | PROT_WRITE, MAP_SHARED);
    }
    guest_rule_errno("D", "1.10: the owner is a thread: with it the region goes", error, EINVAL);
    close(fd);
    unlink(ROOT "/thread");
}

static int use_own(void *file) {
    return map_errno(*(int *) file, NULL, slot, PROT_READ | PROT_WRITE, MAP_SHARED);
}

static void try_child(void) {
    int fd = sized_region(ROOT "/child", 1);
    guest_rule_errno("P", "1.13: a child maps its parent's region", probe_in_child(use_own, &fd), 0);
    guest_rule_errno("P", "1.10: a child is no owner: its exit ends nothing",
                     map_errno(fd, NULL, slot, PROT_READ | PROT_WRITE, MAP_SHARED), 0);
    close(fd);
    unlink(ROOT "/child");
}

void try_owners(void) {
    steps = guest_shared_memory(PAGE);
    try_exit();
    try_thread();
    try_child();
}
