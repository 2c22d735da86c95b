/* What programs that try the rules of a design do again and again. */
#ifndef PROBE_H
#define PROBE_H

#include <errno.h>
#include <stdint.h>

/* What a failed access reports: SEGV_MAPERR, SEGV_ACCERR, or this for SIGBUS. */
#define PROBE_BUS 100

/* Returns 0 with the word read, or why it cannot be read. */
int probe_read(const void *at, uint64_t *value);

/* Returns 0, or why the word cannot be written. */
int probe_write(void *at, uint64_t value);

/* Returns the word, or ~0 where it cannot be read. */
uint64_t probe_value(const void *at);

/* Returns errno if a call's result says that it failed, else 0. */
static inline int probe_errno(long result) {
    return result == -1 ? errno : 0;
}

/* Returns what `action` returns (0 to 255) in a child process; -1 if that ends otherwise. */
int probe_in_child(int (*action)(void *), void *argument);

/* Has a new userfaultfd resolve write faults of protected pages there; returns it, or a negative errno value. */
int probe_register_userfault(void *at, size_t bytes);

#endif
