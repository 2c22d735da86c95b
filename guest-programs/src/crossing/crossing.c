/*
 * Loads and stores that lie across the border of two pages: both mapped, both fresh, or one of them refused; and
 * atomics beside the border.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "access.h"

enum { PAGES = 16 };

static sigjmp_buf escape;
static unsigned char *volatile fault_address;
static volatile int fault_code;

static void on_fault(int signal, siginfo_t *info, void *context) {
    fault_address = info->si_addr;
    fault_code = info->si_code;
    siglongjmp(escape, 1);
}

static uint64_t bytes_at(const unsigned char *at, int count) {
    uint64_t value = 0;
    for (int i = 0; i < count; i++) {
        value |= (uint64_t) at[i] << (8 * i);
    }
    return value;
}

static uint64_t load(const unsigned char *at, int size_bytes) {
    return size_bytes == 2 ? load2(at) : size_bytes == 4 ? load4(at) : load8(at);
}

static void store(unsigned char *at, int size_bytes, uint64_t value) {
    size_bytes == 2 ? store2(at, value) : size_bytes == 4 ? store4(at, value) : store8(at, value);
}

static void all_offsets(unsigned char *pages) {
    uint64_t sum = 0;
    int wrong = 0;
    for (size_t i = 0; i < PAGES * GUEST_PAGE_BYTES; i++) {
        pages[i] = (unsigned char) guest_mix(i);
    }
    for (int round = 0; round < 8; round++) {
        for (int page = 1; page < PAGES; page++) {
            unsigned char *border = pages + page * GUEST_PAGE_BYTES;
            for (int size_bytes = 2; size_bytes <= 8; size_bytes *= 2) {
                for (int before = 0; before <= size_bytes; before++) {
                    unsigned char *at = border - before;
                    uint64_t seen = load(at, size_bytes);
                    wrong += seen != bytes_at(at, size_bytes);
                    store(at, size_bytes, seen * 3 + 1);
                    uint64_t mask = size_bytes == 8 ? ~0ul : (1ul << 8 * size_bytes) - 1;
                    wrong += bytes_at(at, size_bytes) != ((seen * 3 + 1) & mask);
                    sum = guest_checksum(sum, seen);
                }
            }
        }
    }
    printf("all offsets: %d wrong, checksum %016llx\n", wrong, (unsigned long long) sum);
    guest_check("all offsets", !wrong);
}

static void additions(unsigned char *pages) {
    memset(pages, 0, PAGES * GUEST_PAGE_BYTES);
    for (int page = 1; page < PAGES; page++) {
        unsigned char *border = pages + page * GUEST_PAGE_BYTES;
        for (int times = 0; times < 1000; times++) {
            add4(border - 2, 0x10001);
            add8(border + 2, 0x100000001);
            fetch_add8(border - 8, 3);
            fetch_add8(border + 16, 5);
        }
    }
    /* Few of these: a kernel may slow down who does it often. */
    for (int times = 0; times < 3; times++) {
        crossing_fetch_add8(pages + GUEST_PAGE_BYTES - 3, 0x0101010101010101);
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < PAGES * GUEST_PAGE_BYTES; i++) {
        sum = guest_checksum(sum, pages[i]);
    }
    printf("additions: checksum %016llx\n", (unsigned long long) sum);
}

static void fresh_pages(void) {
    unsigned char *fresh = guest_fresh_memory(4 * GUEST_PAGE_BYTES);
    unsigned char *warm = guest_fresh_memory(GUEST_PAGE_BYTES);
    long faults = guest_minor_faults();
    store8(warm, 1);
    faults = guest_minor_faults();
    store8(fresh + GUEST_PAGE_BYTES - 3, 0x0102030405060708);
    long by_store = guest_minor_faults() - faults;
    faults = guest_minor_faults();
    uint64_t zero = load8(fresh + 3 * GUEST_PAGE_BYTES - 5);
    long by_load = guest_minor_faults() - faults;
    printf("fresh pages: %ld minor faults by a store, %ld by a load\n", by_store, by_load);
    guest_check("load of fresh pages", zero == 0);
    guest_check("store to fresh pages", load8(fresh + GUEST_PAGE_BYTES - 3) == 0x0102030405060708);
}

/* The border lies between `pages` and the next page; one of the two refuses. */
static void refused(const char *what, unsigned char *border, int is_store, int refusing_page) {
    volatile int seen = 0;
    fault_address = NULL;
    if (sigsetjmp(escape, 1)) {
        seen = 1;
    } else if (is_store) {
        store8(border - 4, ~0ul);
    } else {
        load8(border - 4);
    }
    /* Hardware may name the access's first byte or the refusing page's: the page is what counts. */
    int page_right = refusing_page == 0 ? fault_address == border - 4
                                        : fault_address == border - 4 || fault_address == border;
    if (!seen) {
        printf("%s: done\n", what);
        return;
    }
    printf("%s: %s %s\n", what, fault_code == SEGV_ACCERR ? "access refused" : "no mapping",
           page_right ? "at the border" : "ELSEWHERE");
}

static void fault_borders(void) {
    unsigned char *pages = guest_fresh_memory(3 * GUEST_PAGE_BYTES);
    memset(pages, 0x11, 3 * GUEST_PAGE_BYTES);
    unsigned char *first = pages + GUEST_PAGE_BYTES;
    unsigned char *second = pages + 2 * GUEST_PAGE_BYTES;
    mprotect(first, GUEST_PAGE_BYTES, PROT_READ);
    refused("store into a read-only second page", first, 1, 1);
    refused("store from a read-only first page", second, 1, 0);
    refused("load across a read-only page", first, 0, 1);
    guest_check("refused stores wrote nothing", load8(first - 8) == 0x1111111111111111 && load8(first) == 0x1111111111111111
                                                    && load8(second) == 0x1111111111111111);
    mprotect(first, GUEST_PAGE_BYTES, PROT_NONE);
    refused("load into a closed second page", first, 0, 1);
    refused("load from a closed first page", second, 0, 0);
    munmap(first, GUEST_PAGE_BYTES);
    refused("load into a hole", first, 0, 1);
    refused("store from a hole", second, 1, 0);
}

int main(void) {
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    if (sigaction(SIGSEGV, &action, NULL)) {
        guest_fail("sigaction");
    }
    unsigned char *pages = guest_fresh_memory(PAGES * GUEST_PAGE_BYTES);
    guest_mark("offsets");
    all_offsets(pages);
    guest_mark("additions");
    additions(pages);
    guest_mark("fresh");
    fresh_pages();
    guest_mark("refused");
    fault_borders();
    return guest_checks_status();
}
