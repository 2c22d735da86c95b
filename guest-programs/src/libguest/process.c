/* Marks, refusals, arguments, and what a process knows of itself and its children. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

void guest_mark(const char *name) {
    int saved_errno = errno;
    syscall(GUEST_MARK_SYSCALL, name);
    errno = saved_errno;
}

void guest_fail(const char *what) {
    guest_refuse(1, "%s: %s", what, strerror(errno));
}

void guest_refuse(int status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    fprintf(stderr, "%s: ", program_invocation_short_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(status);
}

uint64_t guest_number(const char *what, const char *text, uint64_t least, uint64_t most) {
    char *end;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (errno || end == text || *end || *text == '-' || value < least || value > most) {
        guest_refuse(2, "%s: '%s' is not a number from %llu to %llu", what, text, (unsigned long long) least,
                     (unsigned long long) most);
    }
    return value;
}

long guest_minor_faults(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage)) {
        guest_fail("getrusage");
    }
    return usage.ru_minflt;
}

int guest_wait(int pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            guest_fail("waitpid");
        }
    }
    return status;
}
