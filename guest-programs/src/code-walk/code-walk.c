/*
 * Runs through 256 pages of code, more than any L1 instruction TLB holds, in several orders: functions within a page,
 * instructions and loops across a page's end, and a chain of jumps from page to page.
 */
#include <stdio.h>

#include "code-walk.h"
#include "guest.h"

extern unsigned char code_pages[];

typedef uint64_t page_function(uint64_t x, uint64_t n);

static uint64_t call(uint32_t page, uint32_t offset, uint64_t x, uint64_t n) {
    return ((page_function *) (code_pages + page * GUEST_PAGE_BYTES + offset))(x, n);
}

static uint64_t call_end(uint32_t page, uint64_t x, uint64_t n) {
    return call(page, page % 2 ? LOOP_OFFSET : STRADDLE_OFFSET, x, n);
}

static uint64_t expected_end(uint32_t page, uint64_t x, uint64_t n) {
    if (page % 2 == 0) {
        return x + page + 1000;
    }
    for (; n; n--) {
        x = 5 * (x + n) + page + 1001;
    }
    return x;
}

struct walk {
    uint64_t actual;
    uint64_t expected;
};

static void visit(struct walk *walk, uint32_t page, uint32_t round) {
    uint64_t times = 1 + (page + round) % 7;
    walk->actual = call(page, MIDDLE_OFFSET, walk->actual, 0);
    walk->expected = 3 * walk->expected + page + 1;
    walk->actual = call_end(page, walk->actual, times);
    walk->expected = expected_end(page, walk->expected, times);
}

static void chain(struct walk *walk) {
    walk->actual = call(0, CHAIN_OFFSET, walk->actual, 0);
    for (uint32_t page = 0; page < CODE_PAGES; page++) {
        walk->expected = 3 * walk->expected + page + 7;
    }
}

static int report(const char *what, const struct walk *walk) {
    int right = walk->actual == walk->expected;
    printf("%s: checksum %016llx %s\n", what, (unsigned long long) walk->actual, right ? "ok" : "WRONG");
    return !right;
}

int main(int argc, char **argv) {
    uint32_t rounds = argc > 1 ? (uint32_t) guest_number("rounds", argv[1], 1, 1000000) : 10;
    struct walk walk = {1, 1};
    int wrong = 0;
    guest_mark("sequential");
    for (uint32_t i = 0; i < rounds * CODE_PAGES; i++) {
        visit(&walk, i % CODE_PAGES, i / CODE_PAGES);
    }
    wrong |= report("sequential", &walk);
    guest_mark("stride");
    for (uint32_t i = 0; i < rounds * CODE_PAGES; i++) {
        visit(&walk, i * 17 % CODE_PAGES, i / CODE_PAGES);
    }
    wrong |= report("stride", &walk);
    guest_mark("random");
    struct guest_random random = guest_random_of(7);
    for (uint32_t i = 0; i < rounds * CODE_PAGES; i++) {
        visit(&walk, (uint32_t) (guest_random_next(&random) >> 32) % CODE_PAGES, i / CODE_PAGES);
    }
    wrong |= report("random", &walk);
    guest_mark("few");
    for (uint32_t i = 0; i < rounds * CODE_PAGES; i++) {
        visit(&walk, 5 + i % 24, i / CODE_PAGES);
    }
    wrong |= report("few pages", &walk);
    guest_mark("chain");
    for (uint32_t i = 0; i < rounds; i++) {
        chain(&walk);
    }
    return wrong | report("chain", &walk);
}
