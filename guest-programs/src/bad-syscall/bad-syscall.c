/* Makes system calls that no kernel knows; each is answered with ENOSYS and the program goes on. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "guest.h"

static void call(long number) {
    errno = 0;
    long result = syscall(number, 1, 2, 3, 4, 5, 6);
    char what[64];
    snprintf(what, sizeof what, "system call %ld", number);
    guest_check_errno(what, result == -1 ? errno : 0, ENOSYS);
}

int main(void) {
    static const long numbers[] = {999, 5000, 123456, 0x7fffffff};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        call(numbers[i]);
    }
    printf("still running\n");
    return guest_checks_status();
}
