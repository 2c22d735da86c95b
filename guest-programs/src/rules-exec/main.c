/*
 * execve under any design: the view of the caller goes with its old memory, others keep theirs and the tables they
 * have, what was stored stays, and who created a region still holds it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "probe.h"

#define BYTES (8 * GUEST_PAGE_BYTES)
/* The program itself, by the path it was begun by. */
#define SELF ((const char *) getauxval(AT_EXECFN))

/* What the programs begun by execve are asked to do. */
#define LOOK "look"
#define HOLD "hold"

/* Bits of the exit status of LOOK. */
enum { READABLE = 1, TAKEN = 2, STALE = 4 };

/* How a process that keeps the region reports: it looks and stores when `turn` is 1. */
struct keeper {
    uint32_t turn;
    uint32_t leave;
    int error;
    uint64_t seen;
    long faults;
};

static struct keeper *keeper;

static uint64_t *word(const struct guest_region *region, unsigned number) {
    return (uint64_t *) region->base + number;
}

/* Loads word 0 and stores its double to word 1, each time it is told to. */
static void keep(struct guest_region *region) {
    for (;;) {
        guest_await(&keeper->turn, 1);
        if (keeper->leave) {
            _exit(0);
        }
        long before = guest_minor_faults();
        keeper->error = probe_read(word(region, 0), &keeper->seen);
        if (!keeper->error) {
            keeper->error = probe_write(word(region, 1), 2 * keeper->seen);
        }
        keeper->faults = guest_minor_faults() - before;
        __atomic_store_n(&keeper->turn, 0, __ATOMIC_RELEASE);
    }
}

/* Has the keeper look; returns whether it saw the word and could store. */
static int keeper_sees(uint64_t value) {
    __atomic_store_n(&keeper->turn, 1, __ATOMIC_RELEASE);
    guest_await(&keeper->turn, 0);
    return !keeper->error && keeper->seen == value;
}

static void end_keeper(void) {
    keeper->leave = 1;
    __atomic_store_n(&keeper->turn, 1, __ATOMIC_RELEASE);
}

/* What a process does that has replaced itself: is there anything left where the region was? */
static int look(unsigned char *base) {
    uint64_t value;
    int found = probe_read(base, &value) ? 0 : READABLE;
    unsigned char *at = mmap(base, GUEST_PAGE_BYTES, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    found |= at == base ? 0 : TAKEN;
    return found | (at == base && probe_value(base) ? STALE : 0);
}

static int attach_and_execute(void *argument) {
    struct guest_region *region = argument;
    char base[32];
    guest_region_attach(region);
    *word(region, 0) = 21;
    snprintf(base, sizeof base, "%lx", (unsigned long) region->base);
    execl(SELF, "rules-exec", LOOK, base, NULL);
    return 99;
}

static int attach_and_load(void *argument) {
    struct guest_region *region = argument;
    guest_region_attach(region);
    return (int) (*word(region, 0) + *word(region, 1));
}

static void sharer(void) {
    struct guest_region region;
    guest_region_create(&region, "exec", BYTES);
    pid_t pid = fork();
    if (pid == 0) {
        guest_region_attach(&region);
        keep(&region);
    }
    keeper_sees(0);
    int found = probe_in_child(attach_and_execute, &region);
    guest_rule("D", "exec of a sharer: nothing can be read where the region was", found >= 0 && !(found & READABLE));
    guest_rule("D", "exec of a sharer: its addresses are free", found >= 0 && !(found & TAKEN));
    guest_rule("D", "exec of a sharer: what it maps there is its own", found >= 0 && !(found & STALE));
    guest_rule("D", "exec of a sharer: another one sees what it stored, and can store", keeper_sees(21));
    guest_rule("D", "exec of a sharer: the other keeps its tables, and takes no fault", keeper->faults == 0);
    guest_rule("D", "exec of a sharer: who attaches later finds all of it",
               probe_in_child(attach_and_load, &region) == 63);
    end_keeper();
    guest_wait(pid);
    guest_region_attach(&region);
    guest_rule("D", "exec of a sharer: so does the creator", *word(&region, 0) == 21 && *word(&region, 1) == 42);
    guest_region_detach(&region);
    guest_region_destroy(&region);
}

/* Creates a region that a child keeps, attaches it, and replaces itself; the descriptors of `pipes` stay. */
static void create_and_execute(const int *pipes) {
    struct guest_region region;
    guest_region_create(&region, "exec-owner", BYTES);
    if (fork() == 0) {
        close(pipes[0]);
        close(pipes[1]);
        close(pipes[2]);
        close(pipes[3]);
        guest_region_attach(&region);
        keep(&region);
    }
    guest_region_attach(&region);
    *word(&region, 0) = 30;
    if (!keeper_sees(30)) {
        _exit(1);
    }
    char told[16], awaited[16];
    snprintf(told, sizeof told, "%d", pipes[1]);
    snprintf(awaited, sizeof awaited, "%d", pipes[2]);
    execl(SELF, "rules-exec", HOLD, told, awaited, NULL);
    _exit(1);
}

/* The rest of the creator's life: says that it has begun anew, and ends when it is told to. */
static int hold(int told, int awaited) {
    char byte = 1;
    return write(told, &byte, 1) != 1 || read(awaited, &byte, 1) != 1;
}

static void creator(void) {
    int pipes[4];
    if (pipe(pipes) || pipe(pipes + 2)) {
        guest_fail("pipe");
    }
    *keeper = (struct keeper){0};
    pid_t pid = fork();
    if (pid == 0) {
        create_and_execute(pipes);
    }
    close(pipes[1]);
    char byte = 0;
    int begun = read(pipes[0], &byte, 1) == 1;
    guest_rule("D", "exec of the creator: it goes on", begun);
    const char *design = guest_design_name();
    guest_rule("D", "exec of the creator: another one has the region as before", keeper_sees(30));
    guest_rule("D", "exec of the creator: and its tables", keeper->faults == 0);
    int ended = write(pipes[3], &byte, 1) == 1 && guest_wait(pid) == 0;
    if (!strcmp(design, "msharefs")) {
        guest_rule("D", "1.10: ownership survived the exec: the region goes with its owner",
                   ended && !keeper_sees(30) && keeper->error == 1);
    } else if (!strcmp(design, "mshare-2026")) {
        guest_rule("T", "the creator owns the region for life: its exit removes it", ended && !keeper_sees(30));
    } else {
        guest_rule("D", "its exit ends nothing either", ended && keeper_sees(30));
    }
    end_keeper();
}

int main(int count, char **arguments) {
    if (count == 3 && !strcmp(arguments[1], LOOK)) {
        return look((unsigned char *) strtoul(arguments[2], NULL, 16));
    }
    if (count == 4 && !strcmp(arguments[1], HOLD)) {
        return hold(atoi(arguments[2]), atoi(arguments[3]));
    }
    keeper = guest_shared_memory(sizeof *keeper);
    sharer();
    creator();
    return guest_rules_end();
}
