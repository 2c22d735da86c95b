/* Sending, blocking and catching signals; the alternate stack; interrupted and restarted system calls. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipes-signals.h"

static volatile sig_atomic_t caught;
static volatile int last_signal;
static volatile int last_code;
static volatile int last_pid;
static volatile int last_status;
static char *volatile handler_stack_address;

static void on_signal(int signal, siginfo_t *info, void *context) {
    caught++;
    last_signal = signal;
    last_code = info->si_code;
    last_pid = info->si_pid;
    last_status = info->si_status;
    handler_stack_address = __builtin_frame_address(0);
}

static void catch(int signal, int flags) {
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | flags};
    if (sigaction(signal, &action, NULL)) {
        guest_fail("sigaction");
    }
    caught = 0;
}

static void to_itself(void) {
    catch(SIGUSR1, 0);
    kill(getpid(), SIGUSR1);
    guest_check("kill", caught == 1 && last_signal == SIGUSR1 && last_code == SI_USER && last_pid == getpid());
    raise(SIGUSR1);
    guest_check("raise", caught == 2 && last_code == SI_TKILL);
    guest_check_errno("signal 0", kill(getpid(), 0) ? errno : 0, 0);
    guest_check_errno("signal 99", kill(getpid(), 99) ? errno : 0, EINVAL);
    guest_check_errno("handler for SIGKILL", signal(SIGKILL, SIG_IGN) == SIG_ERR ? errno : 0, EINVAL);
    signal(SIGUSR1, SIG_IGN);
    kill(getpid(), SIGUSR1);
    guest_check("ignored", caught == 2);
    catch(SIGUSR1, SA_RESETHAND);
    kill(getpid(), SIGUSR1);
    struct sigaction now;
    sigaction(SIGUSR1, NULL, &now);
    guest_check("SA_RESETHAND", caught == 1 && now.sa_handler == SIG_DFL);
}

static void blocked(void) {
    sigset_t set;
    sigset_t old;
    sigset_t pending;
    catch(SIGUSR1, 0);
    catch(SIGUSR2, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, &old);
    kill(getpid(), SIGUSR2);
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGUSR1);
    sigpending(&pending);
    guest_check("blocked and pending", caught == 0 && sigismember(&pending, SIGUSR1) && sigismember(&pending, SIGUSR2));
    sigdelset(&set, SIGUSR2);
    sigprocmask(SIG_SETMASK, &set, NULL);
    guest_check("one unblocked", caught == 1 && last_signal == SIGUSR2);
    sigprocmask(SIG_SETMASK, &old, NULL);
    guest_check("the other once", caught == 2 && last_signal == SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    kill(getpid(), SIGUSR1);
    int result = sigsuspend(&old);
    guest_check("sigsuspend", result == -1 && errno == EINTR && caught == 3);
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void alternate_stack(void) {
    static char memory[32 * 1024];
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory};
    stack_t before;
    sigaltstack(&stack, NULL);
    catch(SIGUSR1, SA_ONSTACK);
    raise(SIGUSR1);
    guest_check("handler on the alternate stack",
                handler_stack_address > memory && handler_stack_address < memory + sizeof memory);
    stack.ss_flags = SS_DISABLE;
    sigaltstack(&stack, &before);
    raise(SIGUSR1);
    guest_check("handler on the normal stack",
                before.ss_sp == memory
                    && (handler_stack_address < memory || handler_stack_address >= memory + sizeof memory));
}

/* A handler that sends the other signal: handlers nest, and each blocks its own signal meanwhile. */
static volatile int depth;
static volatile int deepest;

static void on_nested(int signal) {
    depth++;
    deepest = depth > deepest ? depth : deepest;
    if (caught++ < 3) {
        raise(signal);
        raise(signal == SIGUSR1 ? SIGUSR2 : SIGUSR1);
    }
    depth--;
}

static void nested(void) {
    struct sigaction action = {.sa_handler = on_nested};
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    caught = 0;
    raise(SIGUSR1);
    printf("nested: %d handlers, %d deep\n", (int) caught, deepest);
    signal(SIGUSR1, SIG_DFL);
    signal(SIGUSR2, SIG_DFL);
}

/* Handlers keep floating-point registers of the code that they interrupt. */
static void on_floating(int signal) {
    volatile double value = 3.5;
    for (int i = 0; i < 10; i++) {
        value = value * 1.25 + signal;
    }
    caught++;
}

static void registers(void) {
    signal(SIGUSR1, on_floating);
    caught = 0;
    double sum = 0;
    double step = 0.5;
    for (int i = 0; i < 100; i++) {
        sum += step;
        step *= 1.01;
        if (i % 10 == 0) {
            raise(SIGUSR1);
        }
    }
    printf("floating point across %d handlers: %.6f\n", (int) caught, sum);
}

static void child_signal(void) {
    catch(SIGCHLD, 0);
    sigset_t set;
    sigset_t old;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, &old);
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        _exit(42);
    }
    while (!caught) {
        sigsuspend(&old);
    }
    guest_check("SIGCHLD tells who and how",
                last_signal == SIGCHLD && last_code == CLD_EXITED && last_pid == child && last_status == 42);
    sigprocmask(SIG_SETMASK, &old, NULL);
    guest_wait(child);
    signal(SIGCHLD, SIG_DFL);
}

/* The child keeps sending until told to stop, then writes one byte. */
static pid_t start_pest(const uint32_t *stop, int times, int fd) {
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        for (int i = 0; !__atomic_load_n(stop, __ATOMIC_ACQUIRE) && (!times || i < times); i++) {
            kill(getppid(), SIGUSR1);
            sched_yield();
        }
        _exit(fd >= 0 && write(fd, "!", 1) != 1);
    }
    return child;
}

static void interrupted_read(void) {
    int ends[2];
    char byte = 0;
    uint32_t *stop = guest_shared_memory(GUEST_PAGE_BYTES);
    if (pipe(ends)) {
        guest_fail("pipe");
    }
    catch(SIGUSR1, 0);
    pid_t child = start_pest(stop, 0, -1);
    int result = (int) read(ends[0], &byte, 1);
    int reason = errno;
    __atomic_store_n(stop, 1, __ATOMIC_RELEASE);
    guest_wait(child);
    guest_check_errno("read interrupted by a handler", result < 0 ? reason : 0, EINTR);
    catch(SIGUSR1, SA_RESTART);
    __atomic_store_n(stop, 0, __ATOMIC_RELEASE);
    child = start_pest(stop, 20, ends[1]);
    result = (int) read(ends[0], &byte, 1);
    guest_check("read restarted after a handler", result == 1 && byte == '!' && caught > 0);
    guest_wait(child);
    signal(SIGUSR1, SIG_DFL);
}

void check_signals(void) {
    to_itself();
    blocked();
    alternate_stack();
    nested();
    registers();
    child_signal();
    interrupted_read();
}
