/* Accesses that may fail, and children that try something. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/userfaultfd.h>

#include "guest.h"
#include "probe.h"

static sigjmp_buf escape;
static volatile int reason;

static void on_fault(int signal, siginfo_t *info, void *context) {
    reason = signal == SIGBUS ? PROBE_BUS : info->si_code;
    siglongjmp(escape, 1);
}

static void watch(void) {
    static int watching;
    if (!watching) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_sigaction = on_fault;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, &action, NULL);
        sigaction(SIGBUS, &action, NULL);
        watching = 1;
    }
}

int probe_read(const void *at, uint64_t *value) {
    watch();
    if (sigsetjmp(escape, 1)) {
        return reason;
    }
    *value = *(const volatile uint64_t *) at;
    return 0;
}

int probe_write(void *at, uint64_t value) {
    watch();
    if (sigsetjmp(escape, 1)) {
        return reason;
    }
    *(volatile uint64_t *) at = value;
    return 0;
}

uint64_t probe_value(const void *at) {
    uint64_t value = 0;
    return probe_read(at, &value) ? ~0ull : value;
}

int probe_in_child(int (*action)(void *), void *argument) {
    fflush(stdout);
    pid_t child = fork();
    if (child < 0) {
        guest_fail("fork");
    }
    if (!child) {
        _exit(action(argument));
    }
    int status = guest_wait(child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int probe_register_userfault(void *at, size_t bytes) {
    int fd = (int) syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
    struct uffdio_api api = {.api = UFFD_API};
    struct uffdio_register range = {.range = {(uintptr_t) at, bytes}, .mode = UFFDIO_REGISTER_MODE_WP};
    return fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &range) ? -errno : fd;
}
