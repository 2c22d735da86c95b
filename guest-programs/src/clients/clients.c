/*
 * N clients attach one region after fork, as the processes of a database attach its buffers, and touch one word in
 * every step of it. All are attached at once before the first leaves, so that the peak of page-table bytes is that of
 * N sharers. Each touch adds 1 to the word it touches: at the end every word is N. Phases: setup, populate, verify,
 * teardown; clients wait in system calls, not in turns of the processor.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "guest.h"

#define MOST_CLIENTS 4096

static const char USAGE[] =
    "usage: clients [--processes N] [--mib N] [--step-kib N]\n"
    "  --processes N   clients that attach the region (4)\n"
    "  --mib N         size of the region in MiB (64)\n"
    "  --step-kib N    bytes between touched words, in KiB (2048)\n";

struct plan {
    uint32_t clients;
    size_t size_bytes;
    size_t step_bytes;
};

/* What clients tell and are told: a byte each. */
struct pipes {
    int arrived[2];
    int leave[2];
};

static struct plan parse(int argc, char **argv) {
    static const struct option options[] = {
        {"processes", required_argument, NULL, 'n'},
        {"mib", required_argument, NULL, 'm'},
        {"step-kib", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct plan plan = {.clients = 4, .size_bytes = 64ul << 20, .step_bytes = 2ul << 20};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
            case 'n': plan.clients = (uint32_t) guest_number("--processes", optarg, 1, MOST_CLIENTS); break;
            case 'm': plan.size_bytes = guest_number("--mib", optarg, 1, 1ul << 20) << 20; break;
            case 's': plan.step_bytes = guest_number("--step-kib", optarg, 4, 1ul << 20) << 10; break;
            case 'h': fputs(USAGE, stdout); exit(0);
            default: fputs(USAGE, stderr); exit(2);
        }
    }
    if (optind < argc) {
        guest_refuse(2, "unexpected argument '%s'", argv[optind]);
    }
    return plan;
}

static uint64_t *word_at(const struct guest_region *region, size_t offset) {
    return (uint64_t *) (region->base + offset);
}

static void tell(int fd) {
    if (write(fd, "x", 1) != 1) {
        guest_fail("pipe");
    }
}

/* Returns whether a byte came before the end. */
static int hear(int fd) {
    char byte;
    ssize_t length = read(fd, &byte, 1);
    if (length < 0) {
        guest_fail("pipe");
    }
    return length == 1;
}

static _Noreturn void run(const struct plan *plan, struct guest_region *region, struct pipes *pipes) {
    close(pipes->leave[1]);
    guest_region_attach(region);
    guest_mark("populate");
    for (size_t offset = 0; offset < plan->size_bytes; offset += plan->step_bytes) {
        __atomic_fetch_add(word_at(region, offset), 1, __ATOMIC_RELAXED);
    }
    int status = 0;
    tell(pipes->arrived[1]);
    while (hear(pipes->leave[0])) {
        guest_mark("verify");
        for (size_t offset = 0; offset < plan->size_bytes; offset += plan->step_bytes) {
            status |= *(volatile uint64_t *) word_at(region, offset) != plan->clients;
        }
        tell(pipes->arrived[1]);
    }
    guest_mark("teardown");
    guest_region_detach(region);
    _exit(status);
}

static void start_all(const struct plan *plan, struct guest_region *region, struct pipes *pipes) {
    for (uint32_t client = 0; client < plan->clients; client++) {
        int pid = fork();
        if (pid < 0) {
            guest_fail("fork");
        }
        if (!pid) {
            run(plan, region, pipes);
        }
    }
}

/* Waits until `bytes` bytes have come from clients; they end when the last client has died. */
static void await(const struct pipes *pipes, uint32_t bytes) {
    while (bytes--) {
        if (!hear(pipes->arrived[0])) {
            guest_refuse(1, "a client failed");
        }
    }
}

int main(int argc, char **argv) {
    guest_mark("setup");
    struct plan plan = parse(argc, argv);
    struct guest_region region;
    guest_region_create(&region, "clients", plan.size_bytes);
    struct pipes pipes;
    if (pipe(pipes.arrived) || pipe(pipes.leave)) {
        guest_fail("pipe");
    }
    start_all(&plan, &region, &pipes);
    close(pipes.arrived[1]);
    await(&pipes, plan.clients);
    printf("%u clients attached\n", plan.clients);
    fflush(stdout);
    /* One client, whichever hears it, looks at every word. */
    tell(pipes.leave[1]);
    await(&pipes, 1);
    close(pipes.leave[1]);
    int failed = 0;
    for (uint32_t client = 0; client < plan.clients; client++) {
        failed |= guest_wait(-1) != 0;
    }
    guest_mark("teardown");
    guest_region_destroy(&region);
    printf("%u clients, %zu MiB, %zu words touched: %s\n", plan.clients, plan.size_bytes >> 20,
           (plan.size_bytes + plan.step_bytes - 1) / plan.step_bytes, failed ? "WRONG" : "ok");
    return failed;
}
