/* execve: arguments, environment, what survives and what does not, and what is refused. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipes-signals.h"

enum { KEPT_FD = 60, CLOSED_FD = 61 };

static uint32_t data_word = 5;

int main_after_exec(int argc, char **argv) {
    struct sigaction ignored;
    struct sigaction handled;
    sigaction(SIGUSR1, NULL, &ignored);
    sigaction(SIGUSR2, NULL, &handled);
    sigset_t mask;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    for (int i = 2; i < argc; i++) {
        printf("after exec: argument %s\n", argv[i]);
    }
    for (char **variable = environ; *variable; variable++) {
        printf("after exec: environment %s\n", *variable);
    }
    guest_check("after exec: data is fresh", data_word == 5);
    guest_check("after exec: ignored signals stay ignored", ignored.sa_handler == SIG_IGN);
    guest_check("after exec: handlers are gone", handled.sa_handler == SIG_DFL);
    guest_check("after exec: the mask stays", sigismember(&mask, SIGTERM));
    guest_check("after exec: descriptor kept", fcntl(KEPT_FD, F_GETFD) >= 0);
    guest_check("after exec: O_CLOEXEC descriptor closed", fcntl(CLOSED_FD, F_GETFD) < 0);
    char text[8] = {0};
    guest_check("after exec: pipe content kept", read(KEPT_FD, text, 5) == 5 && !strcmp(text, "piped"));
    return guest_checks_status() ? 1 : 17;
}

static void on_signal(int signal) {
}

static const char *own_path(void) {
    return (const char *) getauxval(AT_EXECFN);
}

static void replace_itself(void) {
    int ends[2];
    if (pipe(ends) || write(ends[1], "piped", 5) != 5) {
        _exit(90);
    }
    dup2(ends[0], KEPT_FD);
    dup3(ends[0], CLOSED_FD, O_CLOEXEC);
    signal(SIGUSR1, SIG_IGN);
    signal(SIGUSR2, on_signal);
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGTERM);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    data_word = 6;
    char *arguments[] = {(char *) "pipes-signals", (char *) "--after-exec", (char *) "one", (char *) "",
                         (char *) "two words", NULL};
    char *environment[] = {(char *) "FIRST=1", (char *) "SECOND=zwei drei", NULL};
    execve(own_path(), arguments, environment);
    _exit(91);
}

static int exec_errno(const char *path) {
    char *arguments[] = {(char *) path, NULL};
    execve(path, arguments, environ);
    return errno;
}

/* Whatever signal clone asked for, after exec the parent gets SIGCHLD: SIGKILL would end it here. */
static void exit_signal(void) {
    fflush(stdout);
    pid_t child = (pid_t) syscall(SYS_clone, SIGKILL, NULL, NULL, NULL, NULL);
    if (!child) {
        char *arguments[] = {(char *) "pipes-signals", (char *) "--exit", NULL};
        execve(own_path(), arguments, environ);
        _exit(91);
    }
    int status = -1;
    guest_check("exec resets the exit signal", waitpid(child, &status, __WALL) == child && WEXITSTATUS(status) == 0);
}

void check_exec(void) {
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        replace_itself();
    }
    int status = guest_wait(child);
    printf("exit status after exec: %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    guest_check_errno("exec of a missing file", exec_errno("/nonexistent/program"), ENOENT);
    guest_check_errno("exec of a directory", exec_errno("/tmp"), EACCES);
    const char *path = "/tmp/sharewalk-not-a-program";
    unlink(path);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
    if (fd < 0 || write(fd, "no ELF file\n", 12) != 12) {
        guest_fail(path);
    }
    close(fd);
    guest_check_errno("exec of what is no program", exec_errno(path), ENOEXEC);
    chmod(path, 0600);
    guest_check_errno("exec of what is not executable", exec_errno(path), EACCES);
    unlink(path);
    exit_signal();
}
