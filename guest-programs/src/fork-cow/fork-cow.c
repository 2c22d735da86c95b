/*
 * Copy on write: after fork both sides write every private page (data, heap, stack, mmap) and must not see each
 * other's values; shared pages are seen by both. Then forks inside forks, and the minor faults of copying.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

enum { PAGES = 64, WORDS = GUEST_PAGE_BYTES / sizeof(uint32_t) };

static uint32_t data[4 * WORDS] = {1};
static uint32_t zeroed[4 * WORDS];

struct memory {
    uint32_t *heap;
    uint32_t *mapped;
    uint32_t *shared;
};

static uint32_t value(uint32_t side, uint32_t index) {
    return (uint32_t) guest_mix((uint64_t) side << 32 | index);
}

static void fill(uint32_t *words, uint32_t count, uint32_t side) {
    for (uint32_t i = 0; i < count; i++) {
        words[i] = value(side, i);
    }
}

static int holds(const uint32_t *words, uint32_t count, uint32_t side) {
    for (uint32_t i = 0; i < count; i++) {
        if (words[i] != value(side, i)) {
            return 0;
        }
    }
    return 1;
}

static void fill_all(struct memory *memory, uint32_t *stack, uint32_t side) {
    fill(data, 4 * WORDS, side);
    fill(zeroed, 4 * WORDS, side + 1);
    fill(memory->heap, PAGES * WORDS, side + 2);
    fill(memory->mapped, PAGES * WORDS, side + 3);
    fill(stack, 2 * WORDS, side + 4);
}

static int all_hold(const struct memory *memory, const uint32_t *stack, uint32_t side) {
    return holds(data, 4 * WORDS, side) && holds(zeroed, 4 * WORDS, side + 1)
           && holds(memory->heap, PAGES * WORDS, side + 2) && holds(memory->mapped, PAGES * WORDS, side + 3)
           && holds(stack, 2 * WORDS, side + 4);
}

/* Exit status of a child: bit 0 inherited values right, bit 1 own values kept, bit 2 parent's shared word seen. */
static int child_side(struct memory *memory, uint32_t *stack) {
    int inherited = all_hold(memory, stack, 100);
    fill_all(memory, stack, 200);
    memory->shared[1] = 1;
    guest_await(&memory->shared[0], 1);
    int kept = all_hold(memory, stack, 200);
    return inherited | kept << 1 | (memory->shared[2] == 77) << 2;
}

static void check_isolation(void) {
    uint32_t stack[2 * WORDS];
    struct memory memory = {
        .heap = malloc(PAGES * GUEST_PAGE_BYTES),
        .mapped = (uint32_t *) guest_fresh_memory(PAGES * GUEST_PAGE_BYTES),
        .shared = guest_shared_memory(GUEST_PAGE_BYTES),
    };
    fill_all(&memory, stack, 100);
    pid_t child = fork();
    if (!child) {
        _exit(child_side(&memory, stack));
    }
    guest_await(&memory.shared[1], 1);
    guest_check("parent keeps its values after the child wrote", all_hold(&memory, stack, 100));
    fill_all(&memory, stack, 300);
    memory.shared[2] = 77;
    __atomic_store_n(&memory.shared[0], 1, __ATOMIC_RELEASE);
    int status = guest_wait(child);
    guest_check("child exited", WIFEXITED(status));
    guest_check("child inherited the values", WEXITSTATUS(status) & 1);
    guest_check("child keeps its values after the parent wrote", WEXITSTATUS(status) & 2);
    guest_check("child sees the shared word", WEXITSTATUS(status) & 4);
    guest_check("parent keeps its new values", all_hold(&memory, stack, 300));
    free(memory.heap);
}

/* Each generation adds its level to every word, forks the next, and checks that its own words stay. */
static uint64_t descend(uint32_t *words, int level, int deepest, uint64_t *sums) {
    for (uint32_t i = 0; i < PAGES; i++) {
        words[i * WORDS] = words[i * WORDS] * 3 + (uint32_t) level;
    }
    if (level < deepest) {
        for (int twin = 0; twin < 2; twin++) {
            pid_t child = fork();
            if (!child) {
                words[twin] += 1;
                descend(words, level + 1, deepest, sums + (twin ? 1u << (deepest - level - 1) : 0));
                _exit(level + 1);
            }
            int status = guest_wait(child);
            if (!WIFEXITED(status) || WEXITSTATUS(status) != level + 1) {
                _exit(99);
            }
        }
    } else {
        uint64_t sum = 0;
        for (uint32_t i = 0; i < PAGES * WORDS; i++) {
            sum = guest_checksum(sum, words[i]);
        }
        *sums = sum;
    }
    return words[0];
}

static void check_nested(void) {
    enum { DEEPEST = 3 };
    uint32_t *words = (uint32_t *) guest_fresh_memory(PAGES * GUEST_PAGE_BYTES);
    uint64_t *sums = guest_shared_memory(GUEST_PAGE_BYTES);
    uint64_t before = descend(words, 0, DEEPEST, sums);
    guest_check("first generation keeps its words", before == words[0] && words[1] == 0);
    for (int leaf = 0; leaf < 1 << DEEPEST; leaf++) {
        printf("leaf %d: %016llx\n", leaf, (unsigned long long) sums[leaf]);
    }
}

/* Reads, then writes: two faults for a fresh page (the zero page, then one of its own), one for a shared copy. */
static long faults_of_writing(volatile unsigned char *pages, int count) {
    long before = guest_minor_faults();
    for (int page = 0; page < count; page++) {
        unsigned char old = pages[page * GUEST_PAGE_BYTES];
        pages[page * GUEST_PAGE_BYTES] = (unsigned char) (old + 1);
    }
    return guest_minor_faults() - before;
}

static void check_faults(void) {
    unsigned char *pages = guest_fresh_memory(PAGES * GUEST_PAGE_BYTES);
    long *results = guest_shared_memory(GUEST_PAGE_BYTES);
    results[2] = faults_of_writing(pages, PAGES);
    pid_t child = fork();
    if (!child) {
        unsigned char *warm = guest_fresh_memory(GUEST_PAGE_BYTES);
        results[0] = faults_of_writing(warm, 1);
        results[0] = faults_of_writing(pages, PAGES);
        results[1] = faults_of_writing(pages, PAGES);
        _exit(0);
    }
    guest_wait(child);
    faults_of_writing(guest_fresh_memory(GUEST_PAGE_BYTES), 1);
    long parent_faults = faults_of_writing(pages, PAGES);
    printf("minor faults for %d pages: fresh %ld, copied by the child %ld, again %ld, taken back by the parent %ld\n",
           PAGES, results[2], results[0], results[1], parent_faults);
}

static void check_statuses(void) {
    int right = 1;
    for (int i = 0; i < 5; i++) {
        pid_t child = fork();
        if (!child) {
            _exit(i * 50);
        }
        int status = guest_wait(child);
        right &= WIFEXITED(status) && WEXITSTATUS(status) == i * 50;
    }
    guest_check("exit statuses", right);
    int status;
    guest_check("no child left", waitpid(-1, &status, 0) < 0);
}

int main(void) {
    guest_mark("isolation");
    check_isolation();
    guest_mark("nested");
    fflush(stdout);
    check_nested();
    guest_mark("faults");
    check_faults();
    guest_mark("statuses");
    fflush(stdout);
    check_statuses();
    return guest_checks_status();
}
