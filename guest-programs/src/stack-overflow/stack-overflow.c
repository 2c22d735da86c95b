/*
 * Recurses until the stack is used up: SIGSEGV, which ends the program, or with --handled is caught on a stack of its
 * own.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"

static sigjmp_buf escape;
static char handler_stack[64 * 1024];
static volatile char *volatile deepest;

static void on_overflow(int signal, siginfo_t *info, void *context) {
    siglongjmp(escape, 1);
}

#pragma GCC diagnostic ignored "-Winfinite-recursion"

static int recurse(int depth) {
    volatile char frame[2000];
    frame[depth % sizeof frame] = (char) depth;
    deepest = __builtin_frame_address(0);
    return recurse(depth + 1) + frame[depth % sizeof frame];
}

int main(int argc, char **argv) {
    volatile char here = 0;
    printf("about to overflow the stack\n");
    fflush(stdout);
    if (argc > 1 && !strcmp(argv[1], "--handled")) {
        stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
        struct sigaction action = {.sa_sigaction = on_overflow, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        if (sigaltstack(&stack, NULL) || sigaction(SIGSEGV, &action, NULL)) {
            guest_fail("handler");
        }
        if (sigsetjmp(escape, 1)) {
            printf("SIGSEGV caught, stack used: %s\n", &here - deepest > 7 << 20 ? "more than 7 MiB" : "too little");
            return 0;
        }
    }
    return recurse(argc);
}
