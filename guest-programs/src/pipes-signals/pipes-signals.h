/* The parts of pipes-signals. */
#ifndef PIPES_SIGNALS_H
#define PIPES_SIGNALS_H

#include "guest.h"

void check_pipes(void);
void check_signals(void);
void check_deaths(void);
void check_exec(void);

/* What the program does when it was started by check_exec. */
int main_after_exec(int argc, char **argv);

#endif
