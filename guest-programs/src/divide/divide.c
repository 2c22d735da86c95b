/*
 * Divides by zero. x86: SIGFPE, which ends the program, or with --handled is caught. RISC-V does not trap: the
 * quotient has every bit set and the remainder is the dividend.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"

static sigjmp_buf escape;
static volatile int code;

static void on_division(int signal, siginfo_t *info, void *context) {
    code = info->si_code;
    siglongjmp(escape, 1);
}

/* In assembly: dividing by zero in C means nothing, and compilers use that. */
static long divide(long dividend, long divisor, long *remainder) {
    long quotient;
#if defined(__x86_64__)
    __asm__ volatile("cqo\n\tidivq %3" : "=a"(quotient), "=&d"(*remainder) : "0"(dividend), "r"(divisor) : "cc");
#else
    long rest;
    __asm__ volatile("div %0, %2, %3\n\trem %1, %2, %3"
                     : "=&r"(quotient), "=&r"(rest)
                     : "r"(dividend), "r"(divisor));
    *remainder = rest;
#endif
    return quotient;
}

int main(int argc, char **argv) {
    int handled = argc > 1 && !strcmp(argv[1], "--handled");
    long remainder = 0;
    volatile long divisor = 7;
    long quotient = divide(100, divisor, &remainder);
    printf("100 / 7 = %ld remainder %ld\n", quotient, remainder);
    fflush(stdout);
    if (handled) {
        struct sigaction action = {.sa_sigaction = on_division, .sa_flags = SA_SIGINFO};
        sigaction(SIGFPE, &action, NULL);
        if (sigsetjmp(escape, 1)) {
            printf("SIGFPE caught, integer division by zero: %s\n", code == FPE_INTDIV ? "yes" : "no");
            return code != FPE_INTDIV;
        }
    }
    divisor = 0;
    quotient = divide(100, divisor, &remainder);
    printf("100 / 0 = %ld remainder %ld\n", quotient, remainder);
    return 0;
}
