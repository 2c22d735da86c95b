/* Pipes, signals, the ways a child can end, and execve of the program itself. */
#include <stdio.h>
#include <string.h>

#include "pipes-signals.h"

int main(int argc, char **argv) {
    if (argc > 1 && !strcmp(argv[1], "--exit")) {
        return 0;
    }
    if (argc > 1 && !strcmp(argv[1], "--after-exec")) {
        return main_after_exec(argc, argv);
    }
    guest_mark("pipes");
    check_pipes();
    guest_mark("signals");
    check_signals();
    guest_mark("deaths");
    check_deaths();
    guest_mark("exec");
    check_exec();
    return guest_checks_status();
}
