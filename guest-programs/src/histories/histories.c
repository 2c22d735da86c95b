/*
 * Random histories of a shared region: processes write, protect, unmap, map, advise, detach and fork in an order drawn
 * from a seed, and after every step each of them compares what it can read and write with a naive model of the design.
 * Prints nothing that depends on the design: "N steps: ok", or the step at which a process saw something else.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model.h"

#define BLOCK_BYTES (2ul << 20)
#define BLOCKS 3
#define UNREADABLE (-1)

struct step {
    unsigned operation;
    int actor;
    size_t first, end; /* of the pages looked at */
    int prot;
    uint32_t value;
};

static const size_t pages_in_block[] = {0, 1, 17, 510, 511};

static struct guest_region region;
static const struct promises *promises;
static struct guest_barrier *barrier;
static struct model *model;
static size_t offsets[MOST_PAGES];
static int processes;
static int steps;
static uint64_t seed;
static int me;

static sigjmp_buf after_fault;

static void on_fault(int signal) {
    siglongjmp(after_fault, signal);
}

static volatile uint32_t *word(size_t page) {
    return (volatile uint32_t *) (region.base + offsets[page]);
}

/* Returns the word of a page, or UNREADABLE. */
static int64_t read_word(size_t page) {
    return sigsetjmp(after_fault, 1) ? UNREADABLE : (int64_t) *word(page);
}

static int write_word(size_t page, uint32_t value) {
    if (sigsetjmp(after_fault, 1)) {
        return 0;
    }
    *word(page) = value;
    return 1;
}

static struct step draw(int number) {
    struct guest_random random = guest_random_of(seed * 1000003u + (uint64_t) number);
    struct step step;
    size_t a, b;
    step.operation = guest_below(guest_random_next(&random), 16);
    step.actor = (int) guest_below(guest_random_next(&random), (uint32_t) processes);
    a = guest_below(guest_random_next(&random), MOST_PAGES);
    b = guest_below(guest_random_next(&random), MOST_PAGES);
    step.first = a < b ? a : b;
    step.end = (a < b ? b : a) + 1;
    static const int rights[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE};
    step.prot = rights[guest_below(guest_random_next(&random), 4)];
    step.value = (uint32_t) guest_random_next(&random);
    return step;
}

static _Noreturn void wrong(int number, const char *what, size_t page) {
    fflush(stdout);
    fprintf(stderr, "histories: step %d: process %d: %s, page at %#zx\n", number, me, what, offsets[page]);
    _exit(1);
}

/* Reads some of the pages, and writes some of those that it may write with what they hold. */
static void verify(int number) {
    for (size_t page = 0; page < MOST_PAGES; page++) {
        uint64_t chance = guest_mix(seed + (uint64_t) number * 8191u + page * 127u + (uint64_t) me);
        if (chance & 3) {
            continue;
        }
        int rights = model->rights[me][page];
        if (chance & 4) {
            int written = write_word(page, model->content[page]);
            if (written != !!(rights & PROT_WRITE)) {
                wrong(number, written ? "a store that must fail" : "a store that must not fail", page);
            }
        } else {
            int64_t found = read_word(page);
            int64_t due = rights & PROT_READ ? (int64_t) model->content[page] : UNREADABLE;
            if (found != due) {
                wrong(number, found == UNREADABLE ? "a load that must not fail"
                              : due == UNREADABLE ? "a load that must fail" : "another value than was due", page);
            }
        }
    }
}

/* The bytes that a step is about, in pages of the region, and with them the pages looked at. */
static void widen(struct step *step, size_t *offset, size_t *bytes) {
    size_t start = offsets[step->first] / region.page_bytes * region.page_bytes;
    size_t end = (offsets[step->end - 1] / region.page_bytes + 1) * region.page_bytes;
    while (step->first > 0 && offsets[step->first - 1] >= start) {
        step->first--;
    }
    while (step->end < MOST_PAGES && offsets[step->end] < end) {
        step->end++;
    }
    *offset = start;
    *bytes = end - start;
}

static void require(int number, int error, int succeeds, const char *what, size_t page) {
    if ((error == 0) != succeeds) {
        fprintf(stderr, "histories: %s: errno %d\n", what, error);
        wrong(number, "a call that ended otherwise than it must", page);
    }
}

/* Whom an ordinary call reaches: the caller's number, or -1 for everyone. */
static int reached(enum reach reach) {
    return reach == EVERYONE ? -1 : me;
}

static void forget_content(const struct step *step) {
    for (size_t page = step->first; page < step->end && !promises->keeps; page++) {
        model->content[page] = 0;
    }
}

static void store(int number, const struct step *step) {
    size_t page = step->first;
    int may = !!(model->rights[me][page] & PROT_WRITE);
    if (write_word(page, step->value) != may) {
        wrong(number, "a store that ended otherwise than it must", page);
    }
    if (may) {
        model->content[page] = step->value;
    }
}

static void change_own(int number, struct step *step, size_t offset, size_t bytes) {
    if (step->operation <= 7) {
        int error = guest_region_protect(&region, offset, bytes, step->prot);
        require(number, error, promises->protect != REFUSED, "mprotect", step->first);
        if (!error) {
            model_protect(model, reached(promises->protect), step->first, step->end, step->prot);
        }
    } else {
        int error = guest_region_unmap(&region, offset, bytes);
        require(number, error, promises->unmap != REFUSED, "munmap", step->first);
        if (!error) {
            model_unmap(model, reached(promises->unmap), step->first, step->end);
        }
    }
}

static int has_hole(const struct step *step) {
    return memchr(model->mapped[me] + step->first, 0, step->end - step->first) != NULL;
}

static void fork_and_look(int number) {
    pid_t pid = fork();
    if (pid < 0) {
        guest_fail("fork");
    }
    if (pid == 0) {
        verify(number);
        _exit(0);
    }
    if (guest_wait(pid)) {
        wrong(number, "its child saw something else", 0);
    }
}

static void act(int number, struct step step) {
    size_t offset, bytes;
    widen(&step, &offset, &bytes);
    switch (step.operation) {
    case 0 ... 4:
        store(number, &step);
        break;
    case 5 ... 8:
        /* Over a hole mprotect fails, having changed what comes before it: left out. */
        if (step.operation == 8 || !has_hole(&step)) {
            change_own(number, &step, offset, bytes);
        }
        break;
    case 9:
        if (guest_region_map(&region, offset, bytes) != ENOSYS) {
            model_map(model, me, step.first, step.end);
        }
        break;
    case 10:
        if (guest_region_can_protect_for_all(&region) && !has_hole(&step)) {
            require(number, guest_region_protect_for_all(&region, offset, bytes, step.prot), 1, "protect for all", 0);
            model_protect(model, -1, step.first, step.end, step.prot);
        }
        break;
    case 11:
        if (guest_region_can_map_for_all(&region)) {
            require(number, guest_region_unmap_for_all(&region, offset, bytes), 1, "unmap for all", 0);
            model_unmap(model, -1, step.first, step.end);
            forget_content(&step);
        }
        break;
    case 12:
        if (guest_region_can_map_for_all(&region)) {
            require(number, guest_region_map_for_all(&region, offset, bytes), 1, "map for all", 0);
            model_map(model, -1, step.first, step.end);
            forget_content(&step);
        }
        break;
    case 13:
        guest_region_detach(&region);
        guest_region_attach(&region);
        model_reattach(model, me);
        break;
    case 14:
        fork_and_look(number);
        break;
    default:
        /* Refused or not, what is shared keeps its content. */
        madvise(region.base + offset, bytes, step.value & 1 ? MADV_DONTNEED : MADV_PAGEOUT);
    }
}

static void live(int first_step) {
    for (int number = first_step; number < steps; number++) {
        struct step step = draw(number);
        if (step.actor == me) {
            act(number, step);
        }
        guest_barrier_wait(barrier, (uint32_t) processes);
        verify(number);
        guest_barrier_wait(barrier, (uint32_t) processes);
    }
}

static void prepare(void) {
    size_t page = 0;
    for (size_t block = 0; block < BLOCKS; block++) {
        for (size_t i = 0; i < sizeof pages_in_block / sizeof *pages_in_block; i++) {
            offsets[page++] = block * BLOCK_BYTES + pages_in_block[i] * GUEST_PAGE_BYTES;
        }
    }
    barrier = guest_shared_memory(sizeof *barrier);
    model = guest_shared_memory(sizeof *model);
    model_map(model, -1, 0, MOST_PAGES);
    struct sigaction action = {.sa_handler = on_fault};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        guest_refuse(2, "usage: histories PROCESSES STEPS SEED");
    }
    processes = (int) guest_number("PROCESSES", argv[1], 1, MOST_PROCESSES);
    steps = (int) guest_number("STEPS", argv[2], 1, 100000);
    seed = guest_number("SEED", argv[3], 0, UINT32_MAX);
    promises = promises_of(guest_design_name());
    if (!promises) {
        guest_refuse(2, "nothing is known of the design '%s'", guest_design_name());
    }
    prepare();
    guest_region_create(&region, "histories", BLOCKS * BLOCK_BYTES);
    int failed = 0;
    pid_t children[MOST_PROCESSES];
    for (int child = 0; child < processes; child++) {
        children[child] = fork();
        if (children[child] < 0) {
            guest_fail("fork");
        }
        if (children[child] == 0) {
            me = child;
            guest_region_attach(&region);
            guest_barrier_wait(barrier, (uint32_t) processes);
            live(0);
            guest_region_detach(&region);
            return 0;
        }
    }
    for (int child = 0; child < processes; child++) {
        /* Who saw something wrong leaves the others waiting at the barrier. */
        int status = guest_wait(-1);
        if (status) {
            failed = 1;
            break;
        }
    }
    for (int child = 0; failed && child < processes; child++) {
        kill(children[child], SIGKILL);
    }
    guest_region_destroy(&region);
    printf("%d steps: %s\n", steps, failed ? "FAILED" : "ok");
    return failed;
}
