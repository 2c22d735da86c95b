/* Executes what is no instruction: SIGILL, which ends the program, or with --handled is caught. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"

static sigjmp_buf escape;
static volatile int signal_seen;

static void on_illegal(int signal) {
    signal_seen = signal;
    siglongjmp(escape, 1);
}

static void execute_garbage(void) {
#if defined(__x86_64__)
    __asm__ volatile(".byte 0x0f, 0x0b, 0x06, 0x06");
#else
    __asm__ volatile(".half 0, 0");
#endif
}

int main(int argc, char **argv) {
    printf("about to execute garbage\n");
    fflush(stdout);
    if (argc > 1 && !strcmp(argv[1], "--handled")) {
        signal(SIGILL, on_illegal);
        if (sigsetjmp(escape, 1)) {
            printf("SIGILL caught\n");
            return signal_seen != SIGILL;
        }
    }
    execute_garbage();
    printf("garbage was executed\n");
    return 1;
}
