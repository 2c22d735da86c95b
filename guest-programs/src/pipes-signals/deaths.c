/* The ways a child can end, as its parent sees them. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipes-signals.h"

static void by_return(void) {
    exit(3);
}

static void by_abort(void) {
    abort();
}

static void by_null(void) {
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

static void by_kill(void) {
    kill(getpid(), SIGKILL);
}

static void by_term(void) {
    raise(SIGTERM);
}

static void by_user_signal(void) {
    raise(SIGUSR2);
}

static void by_pipe(void) {
    int ends[2];
    if (!pipe(ends)) {
        close(ends[0]);
        if (write(ends[1], "x", 1) == 1) {
            _exit(9);
        }
    }
}

static void by_blocked_fault(void) {
    sigset_t set;
    sigfillset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    by_null();
}

static void by_garbage(void) {
#if defined(__x86_64__)
    __asm__ volatile("ud2");
#else
    __asm__ volatile(".half 0");
#endif
}

static void by_breakpoint(void) {
#if defined(__x86_64__)
    __asm__ volatile("int3");
#else
    __asm__ volatile("ebreak");
#endif
}

static const char *name_of(int signal) {
    static const struct {
        int number;
        const char *name;
    } names[] = {
        {SIGABRT, "SIGABRT"}, {SIGSEGV, "SIGSEGV"}, {SIGKILL, "SIGKILL"}, {SIGTERM, "SIGTERM"},
        {SIGUSR2, "SIGUSR2"}, {SIGPIPE, "SIGPIPE"}, {SIGILL, "SIGILL"},   {SIGTRAP, "SIGTRAP"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].number == signal) {
            return names[i].name;
        }
    }
    return "another signal";
}

static void die(const char *how, void (*way)(void)) {
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        way();
        _exit(0);
    }
    int status = guest_wait(child);
    if (WIFSIGNALED(status)) {
        printf("child ends by %s: %s\n", how, name_of(WTERMSIG(status)));
    } else {
        printf("child ends by %s: status %d\n", how, WEXITSTATUS(status));
    }
}

/* A killed process that was waiting, and a grandchild that outlives its parent. */
static void killed_while_waiting(void) {
    int ends[2];
    char byte;
    if (pipe(ends)) {
        guest_fail("pipe");
    }
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        _exit((int) read(ends[0], &byte, 1));
    }
    sched_yield();
    kill(child, SIGTERM);
    guest_check("killed while reading", WTERMSIG(guest_wait(child)) == SIGTERM);
    child = fork();
    if (!child) {
        if (!fork()) {
            /* The last writer but for the parent, which closes its end. */
            _exit(write(ends[1], "g", 1) != 1);
        }
        _exit(0);
    }
    guest_wait(child);
    close(ends[1]);
    guest_check("a grandchild outlives its parent", read(ends[0], &byte, 1) == 1 && byte == 'g');
    close(ends[0]);
}

/* A child made with CLONE_PARENT is its creator's sibling, and the parent gets the creator's signal for it. */
static void sibling(void) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        pid_t made = (pid_t) syscall(SYS_clone, CLONE_PARENT | SIGKILL, NULL, NULL, NULL, NULL);
        _exit(made == 0 ? 21 : made > 0 ? 22 : 23);
    }
    int first = 0, second = 0;
    int both = waitpid(-1, &first, 0) > 0 && waitpid(-1, &second, 0) > 0;
    guest_check("a sibling reports as its creator does", both && WEXITSTATUS(first) + WEXITSTATUS(second) == 43);
}

static void no_hang(void) {
    uint32_t *go = guest_shared_memory(GUEST_PAGE_BYTES);
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        guest_await(go, 1);
        _exit(0);
    }
    guest_check("WNOHANG finds nothing yet", waitpid(child, &status, WNOHANG) == 0);
    __atomic_store_n(go, 1, __ATOMIC_RELEASE);
    pid_t found;
    while ((found = waitpid(child, &status, WNOHANG)) == 0) {
        sched_yield();
    }
    guest_check("WNOHANG finds the child later", found == child && status == 0);
    guest_check("no such child", waitpid(child, &status, 0) < 0 && errno == ECHILD);
}

void check_deaths(void) {
    die("exit", by_return);
    die("abort", by_abort);
    die("null pointer", by_null);
    die("SIGKILL", by_kill);
    die("SIGTERM", by_term);
    die("SIGUSR2", by_user_signal);
    die("broken pipe", by_pipe);
    die("fault while all is blocked", by_blocked_fault);
    die("garbage", by_garbage);
    die("breakpoint", by_breakpoint);
    killed_while_waiting();
    sibling();
    no_hang();
}
