/*
 * Operations on a shared region, each in a phase of its own, with N processes that share it. For an operation OP the
 * phases are: OP, what the operation took, in whoever took part; "OP before", everyone loads from its working set,
 * undisturbed; "OP after", the same once more after the operation; "OP settled", and again. Each operation has a fresh
 * region. All else is in the phases "start", "drive", "wait" and "forked".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "operations.h"

static const char USAGE[] =
    "usage: operations [--sharers N] [--harts N] [--pages N] [--blocks N] [--only OPERATION,...]\n"
    "  --sharers N       processes that share the region (2)\n"
    "  --harts N         harts they are spread over, one after the other (1)\n"
    "  --pages N         pages of the working set (64)\n"
    "  --blocks N        blocks of 2 MiB or more that the working set lies in (2)\n"
    "  --only OPERATION  these operations alone, with what they need\n";

/* A scene of its own region: the operation, and what may follow it there. */
struct scenario {
    const char *name;
    enum operation operation;
    const char *next_name;
    enum operation next;
};

static const struct scenario scenarios[] = {
    {"first-touch", NOTHING, NULL, NOTHING},
    {"unshare-on-mprotect", UNSHARE, "mprotect", MPROTECT},
    {"protect-for-all", PROTECT_FOR_ALL, NULL, NOTHING},
    {"unmap-for-all", UNMAP_FOR_ALL, "map-for-all", MAP_FOR_ALL},
    {"flush", FLUSH, NULL, NOTHING},
    {"munmap", MUNMAP, NULL, NOTHING},
    {"fork", FORK, NULL, NOTHING},
    {"fork-private", FORK_PRIVATE, "store-after-fork", STORE_AFTER_FORK},
    {"exit", EXIT, NULL, NOTHING}, /* last: one process is gone then */
};
enum { SCENARIOS = sizeof scenarios / sizeof *scenarios };

static struct plan plan = {.sharers = 2, .harts = 1, .pages = 64, .blocks = 2};
static const char *only;
static struct control *control;
static char names[SCENARIOS][16];
static struct guest_region regions[SCENARIOS];
static pid_t sharers[MOST_SHARERS + 1];

static void parse(int argc, char **argv) {
    static const struct option options[] = {
        {"sharers", required_argument, NULL, 's'}, {"harts", required_argument, NULL, 'H'},
        {"pages", required_argument, NULL, 'p'},   {"blocks", required_argument, NULL, 'b'},
        {"only", required_argument, NULL, 'o'},    {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
            case 's': plan.sharers = guest_number("--sharers", optarg, 1, MOST_SHARERS); break;
            case 'H': plan.harts = guest_number("--harts", optarg, 1, 64); break;
            case 'p': plan.pages = guest_number("--pages", optarg, 1, 1u << 20); break;
            case 'b': plan.blocks = guest_number("--blocks", optarg, 1, 1024); break;
            case 'o': only = optarg; break;
            case 'h': fputs(USAGE, stdout); exit(0);
            default: fputs(USAGE, stderr); exit(2);
        }
    }
    if (optind < argc) {
        guest_refuse(2, "unexpected argument '%s'", argv[optind]);
    }
    size_t bytes = (plan.pages + plan.blocks - 1) / plan.blocks * GUEST_PAGE_BYTES;
    plan.block_bytes = (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
}

/* Returns whether a name is in the list of those to make, or there is no list. */
static int is_listed(const char *name) {
    size_t length = strlen(name);
    for (const char *rest = only; rest; rest = strchr(rest, ',')) {
        rest += *rest == ',';
        if (!strncmp(rest, name, length) && (!rest[length] || rest[length] == ',')) {
            return 1;
        }
    }
    return !only;
}

static int is_chosen(const struct scenario *scenario) {
    return is_listed(scenario->name) || (scenario->next_name && is_listed(scenario->next_name));
}

/* Gives an order that is carried out in the phase `name suffix`. */
static void order(uint32_t index, enum order what, const char *name, const char *suffix) {
    struct slot *slot = &control->slots[index];
    snprintf(control->phase, sizeof control->phase, "%s%s", name, suffix);
    slot->order = what;
    set_and_wake(&slot->given, slot->given + 1);
}

static int await(uint32_t index) {
    struct slot *slot = &control->slots[index];
    sleep_while(&slot->done, slot->given - 1);
    return slot->result;
}

static int have(uint32_t index, enum order what, const char *name, const char *suffix) {
    order(index, what, name, suffix);
    return await(index);
}

/* Whether one that shares goes through its working set after an operation: who has gone cannot. */
static int takes_part(uint32_t index, enum operation operation) {
    return operation == EXIT ? index < plan.sharers : operation != MUNMAP || index != 0;
}

static void load_round(const char *name, const char *suffix, enum operation operation) {
    if (operation == FORK_PRIVATE || operation == STORE_AFTER_FORK) {
        have(0, LOAD_OWN, name, suffix);
        return;
    }
    for (uint32_t index = 0; index < plan.sharers; index++) {
        if (takes_part(index, operation)) {
            have(index, LOAD, name, suffix);
        }
    }
}

/* Has others begin, and returns when they have: one spinning on each other hart, or everyone listening. */
static uint32_t prepare(enum order what, const char *name) {
    uint32_t others = what == LISTEN || plan.harts > plan.sharers ? plan.sharers : plan.harts;
    control->stop = 0;
    control->ready = 0;
    control->answers = 0;
    for (uint32_t index = 1; index < others; index++) {
        control->slots[index].message = 0;
        order(index, what, name, "");
        sleep_while(&control->ready, index - 1);
    }
    return others;
}

/* Makes an operation as one of the sharers, while the other harts run sharers. */
static int make(uint32_t index, enum operation operation, const char *name, uint32_t region) {
    int by_message = manner_of(operation, &regions[region]) == BY_MESSAGE;
    uint32_t others = by_message ? prepare(LISTEN, name) : prepare(SPIN, "wait");
    control->operation = operation;
    order(index, OPERATE, name, "");
    int result = 0;
    if (operation == EXIT) {
        guest_wait(sharers[index]);
    } else {
        result = await(index);
    }
    __atomic_store_n(&control->stop, 1, __ATOMIC_RELEASE);
    for (uint32_t other = 1; other < others; other++) {
        int answer = await(other);
        result = result ? result : by_message ? answer : 0;
    }
    return result;
}

/* Says what came of an operation, and how many processes made it. */
static void tell(const char *name, enum operation operation, uint32_t region, int result) {
    static const char *const manners[] = {"", ", by a hole in the file", ", by messages"};
    enum manner manner = manner_of(operation, &regions[region]);
    if (result) {
        printf("%s: refused: %s%s\n", name, strerrorname_np(result), manners[manner]);
    } else {
        printf("%s: made by %u%s\n", name, manner == BY_MESSAGE ? plan.sharers : 1, manners[manner]);
    }
}

static int measure(uint32_t actor, enum operation operation, const char *name, uint32_t region) {
    size_t changed = changed_offset(&plan, operation, &regions[region]);
    int loses = operation == UNMAP_FOR_ALL || operation == MAP_FOR_ALL || operation == FLUSH;
    control->kept_pages = loses ? pages_below(&plan, changed) : plan.pages;
    /* The same movements with nothing done, so that the rounds before and after differ by the operation alone. */
    uint32_t idler = actor == plan.sharers ? 0 : actor;
    make(idler, NOTHING, "wait", region);
    load_round("wait", "", operation);
    make(idler, NOTHING, "wait", region);
    load_round(name, " before", operation);
    int result = make(actor, operation, name, region);
    load_round(name, " after", operation);
    make(idler, NOTHING, "wait", region);
    load_round(name, " settled", operation);
    tell(name, operation, region, result);
    return result;
}

/* Attaches and fills the region: the first sharer makes the pages, the others find them. */
static void populate(uint32_t count, int is_told) {
    for (uint32_t index = 0; index < count; index++) {
        have(index, ATTACH, is_told ? "attach" : "wait", "");
    }
    for (uint32_t index = 0; index < count; index++) {
        have(index, STORE, !is_told ? "wait" : index ? "link-fault" : "first-touch", "");
    }
    if (is_told) {
        printf("create-mapping: made by 1\nattach: made by %u\nfirst-touch: made by 1\n", count);
        if (count > 1) {
            printf("link-fault: made by %u\n", count - 1);
        }
    }
}

/* After mprotect by one sharer: whether another still may write. */
static void tell_reach(const char *name) {
    if (plan.sharers > 1) {
        printf("%s: %s\n", name, have(1, PROBE, "wait", "") ? "for all" : "for the caller");
    }
}

static void play(const struct scenario *scenario, uint32_t region) {
    int is_first = scenario->operation == NOTHING;
    uint32_t actor = scenario->operation == EXIT ? plan.sharers : 0;
    uint32_t count = plan.sharers + (scenario->operation == EXIT);
    control->region = region;
    populate(count, is_first);
    if (!is_first) {
        if (scenario->operation == FORK_PRIVATE) {
            have(0, STORE_OWN, "wait", "");
        }
        int result = measure(actor, scenario->operation, scenario->name, region);
        if (scenario->operation == UNSHARE && !result) {
            tell_reach(scenario->name);
        }
        if (scenario->next_name && !result) {
            measure(actor, scenario->next, scenario->next_name, region);
        } else if (scenario->next_name) {
            printf("%s: not made\n", scenario->next_name);
        }
    }
    if (scenario->operation == FORK || scenario->operation == FORK_PRIVATE) {
        have(0, RELEASE, "wait", "");
        control->release = 0;
    }
    for (uint32_t index = 0; index < plan.sharers; index++) {
        if (takes_part(index, scenario->operation)) {
            have(index, DETACH, "wait", "");
        }
    }
}

/* A sharer never sees another hart than its own, where its translations are and whoever flushes must look for them. */
static void start(uint32_t index) {
    stay_on_hart(index == plan.sharers ? 0 : index % plan.harts);
    sharers[index] = fork();
    if (sharers[index] < 0) {
        guest_fail("fork");
    }
    if (!sharers[index]) {
        struct scene scene = {.plan = &plan, .control = control};
        share(&scene, regions, index);
    }
}

int main(int argc, char **argv) {
    parse(argc, argv);
    control = guest_shared_memory(sizeof *control);
    settle_memory(control);
    for (uint32_t region = 0; region < SCENARIOS; region++) {
        snprintf(names[region], sizeof names[region], "operations-%u", region);
        /* The second: what the first alone needs, such as code for the first time, is no part of it. */
        guest_mark(region == 1 ? "create-mapping" : "drive");
        guest_region_create(&regions[region], names[region], plan.blocks * plan.block_bytes);
    }
    guest_mark("drive");
    for (uint32_t index = 0; index <= plan.sharers; index++) {
        start(index);
    }
    stay_on_hart(0);
    for (uint32_t region = 0; region < SCENARIOS; region++) {
        if (is_chosen(&scenarios[region])) {
            play(&scenarios[region], region);
        }
        guest_region_destroy(&regions[region]);
    }
    int has_left = is_chosen(&scenarios[SCENARIOS - 1]);
    for (uint32_t index = 0; index < plan.sharers + !has_left; index++) {
        order(index, LEAVE, "wait", "");
        guest_wait(sharers[index]);
    }
    puts("ok");
    return 0;
}
