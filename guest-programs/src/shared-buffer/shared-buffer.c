/*
 * N processes read and write one shared region, each mapping it for itself after fork. The values prove that every
 * process sees what the others wrote. Phases: setup, populate (every process touches every page), steady, verify,
 * teardown; waiting for the others is in the phase "barrier".
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

/* In shared memory of its own, so that meeting and reporting touch no page of the region. */
struct control {
    struct guest_barrier barrier;
    struct outcome outcomes[MOST_PROCESSES];
};

static const char USAGE[] =
    "usage: shared-buffer [--processes N] [--pages N] [--pattern sequential|random|zipf] [--writes PERCENT]\n"
    "                     [--rounds N] [--writers N] [--seed N]\n"
    "  --processes N   processes that share the region (4)\n"
    "  --pages N       size of the region in pages (1024)\n"
    "  --pattern P     order of the pages in the steady phase (random)\n"
    "  --writes P      share of writes among the accesses of a writer, in percent (50)\n"
    "  --rounds N      accesses of a process in the steady phase, in multiples of the pages (16)\n"
    "  --writers N     the first N processes write and read, the others only read (all)\n"
    "  --readers       the same as --writers 1\n"
    "  --seed N        seed of the pages, owners and kinds of access (1)\n";

static enum pattern pattern_named(const char *name) {
    static const char *const names[] = {"sequential", "random", "zipf"};
    for (int i = 0; i < 3; i++) {
        if (!strcmp(name, names[i])) {
            return (enum pattern) i;
        }
    }
    guest_refuse(2, "unknown pattern '%s'", name);
}

static struct workload parse(int argc, char **argv) {
    static const struct option options[] = {
        {"processes", required_argument, NULL, 'n'}, {"pages", required_argument, NULL, 'p'},
        {"pattern", required_argument, NULL, 'o'},   {"writes", required_argument, NULL, 'w'},
        {"rounds", required_argument, NULL, 'r'},    {"writers", required_argument, NULL, 'W'},
        {"readers", no_argument, NULL, 'R'},         {"seed", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},            {NULL, 0, NULL, 0},
    };
    struct workload workload = {.processes = 4, .pages = 1024, .pattern = RANDOM, .write_percent = 50, .seed = 1};
    uint64_t rounds = 16;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
            case 'n': workload.processes = guest_number("--processes", optarg, 1, MOST_PROCESSES); break;
            case 'p': workload.pages = guest_number("--pages", optarg, 1, 1u << 24); break;
            case 'o': workload.pattern = pattern_named(optarg); break;
            case 'w': workload.write_percent = guest_number("--writes", optarg, 0, 100); break;
            case 'r': rounds = guest_number("--rounds", optarg, 0, 1u << 20); break;
            case 'W': workload.writers = guest_number("--writers", optarg, 1, MOST_PROCESSES); break;
            case 'R': workload.writers = 1; break;
            case 's': workload.seed = guest_number("--seed", optarg, 0, UINT64_MAX); break;
            case 'h': fputs(USAGE, stdout); exit(0);
            default: fputs(USAGE, stderr); exit(2);
        }
    }
    if (optind < argc) {
        guest_refuse(2, "unexpected argument '%s'", argv[optind]);
    }
    workload.accesses = rounds * workload.pages;
    if (workload.accesses >= 1ul << 32) {
        guest_refuse(2, "pages times rounds must stay below 2^32");
    }
    if (!workload.writers || workload.writers > workload.processes) {
        workload.writers = workload.processes;
    }
    if (workload.pattern == ZIPF) {
        guest_zipf_init(&workload.zipf, workload.pages);
    }
    return workload;
}

static void meet(const struct workload *workload, struct control *control, const char *next_phase) {
    guest_mark("barrier");
    guest_barrier_wait(&control->barrier, workload->processes);
    guest_mark(next_phase);
}

static void run(const struct workload *workload, struct guest_region *region, struct control *control,
                uint32_t process) {
    struct outcome outcome = {0};
    guest_mark("setup");
    guest_region_attach(region);
    meet(workload, control, "populate");
    if (workload->writers < workload->processes) {
        /* Writers first, so that readers find every cell written. */
        if (process < workload->writers) {
            populate(workload, region->base, process, &outcome);
        }
        meet(workload, control, "populate");
        if (process >= workload->writers) {
            populate(workload, region->base, process, &outcome);
        }
    } else {
        populate(workload, region->base, process, &outcome);
    }
    meet(workload, control, "steady");
    steady(workload, region->base, process, &outcome);
    meet(workload, control, "verify");
    verify(workload, region->base, (process + 1) % workload->writers, &outcome);
    control->outcomes[process] = outcome;
    meet(workload, control, "teardown");
    guest_region_detach(region);
}

static void start_all(const struct workload *workload, struct guest_region *region, struct control *control,
                      pid_t *children) {
    for (uint32_t process = 0; process < workload->processes; process++) {
        children[process] = fork();
        if (children[process] < 0) {
            guest_fail("fork");
        }
        if (!children[process]) {
            run(workload, region, control, process);
            _exit(0);
        }
    }
}

/* Waits for all; if one fails, the others would wait for it for ever, so they are ended. */
static int wait_all(const struct workload *workload, const pid_t *children) {
    int failed = 0;
    for (uint32_t waited = 0; waited < workload->processes; waited++) {
        if (guest_wait(-1) && !failed) {
            failed = 1;
            for (uint32_t process = 0; process < workload->processes; process++) {
                kill(children[process], SIGKILL);
            }
        }
    }
    return failed;
}

static int report(const struct workload *workload, const struct control *control) {
    uint64_t sum = 0;
    uint64_t wrong = 0;
    for (uint32_t process = 0; process < workload->processes; process++) {
        const struct outcome *outcome = &control->outcomes[process];
        printf("process %u: %llu reads, %llu writes, %llu wrong reads, %llu wrong cells\n", process,
               (unsigned long long) outcome->reads, (unsigned long long) outcome->writes,
               (unsigned long long) outcome->wrong_reads, (unsigned long long) outcome->wrong_cells);
        sum = guest_checksum(sum, outcome->checksum);
        wrong += outcome->wrong_reads + outcome->wrong_cells;
    }
    printf("checksum %016llx %s\n", (unsigned long long) sum, wrong ? "WRONG" : "ok");
    return wrong != 0;
}

int main(int argc, char **argv) {
    guest_mark("setup");
    struct workload workload = parse(argc, argv);
    struct control *control = guest_shared_memory(sizeof *control);
    struct guest_region region;
    guest_region_create(&region, "shared-buffer", workload.pages * GUEST_PAGE_BYTES);
    static pid_t children[MOST_PROCESSES];
    start_all(&workload, &region, control, children);
    int failed = wait_all(&workload, children);
    guest_mark("teardown");
    guest_region_destroy(&region);
    if (failed) {
        guest_refuse(1, "a process failed");
    }
    return report(&workload, control);
}
