/*
 * Protections toggled back and forth, with a SIGSEGV handler that checks where and why, and either jumps out
 * (siglongjmp) or repairs the protection and returns.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "guest.h"

enum { PAGES = 32 };

static sigjmp_buf escape;
static volatile sig_atomic_t repair;
static unsigned char *volatile expected_address;
static volatile int expected_code;
static volatile int signals;
static volatile int wrong_signals;

static void on_fault(int signal, siginfo_t *info, void *context) {
    signals++;
    wrong_signals += signal != SIGSEGV || info->si_addr != expected_address || info->si_code != expected_code;
    if (!repair) {
        siglongjmp(escape, 1);
    }
    uintptr_t page = (uintptr_t) info->si_addr & -GUEST_PAGE_BYTES;
    if (mprotect((void *) page, GUEST_PAGE_BYTES, PROT_READ | PROT_WRITE)) {
        _Exit(3);
    }
}

static void protect(unsigned char *from, size_t pages, int rights) {
    if (mprotect(from, pages * GUEST_PAGE_BYTES, rights)) {
        guest_fail("mprotect");
    }
}

/* Returns whether the access was refused. */
static int refused(unsigned char *address, int is_write, int code) {
    expected_address = address;
    expected_code = code;
    repair = 0;
    if (sigsetjmp(escape, 1)) {
        return 1;
    }
    if (is_write) {
        *(volatile unsigned char *) address = 1;
    } else {
        (void) *(volatile unsigned char *) address;
    }
    return 0;
}

static void jump_out(unsigned char *pages, int rounds) {
    int writes_refused = 0;
    int reads_refused = 0;
    for (int round = 0; round < rounds; round++) {
        unsigned char *page = pages + round % PAGES * GUEST_PAGE_BYTES;
        protect(page, 1, PROT_READ);
        writes_refused += refused(page + round % GUEST_PAGE_BYTES, 1, SEGV_ACCERR);
        reads_refused += refused(page + 5, 0, SEGV_ACCERR);
        protect(page, 1, PROT_NONE);
        reads_refused += refused(page + 9, 0, SEGV_ACCERR);
        protect(page, 1, PROT_READ | PROT_WRITE);
        writes_refused += refused(page + 7, 1, SEGV_ACCERR);
    }
    printf("%d rounds: %d writes and %d reads refused\n", rounds, writes_refused, reads_refused);
}

static void repair_and_return(unsigned char *pages, int rounds) {
    uint64_t sum = 0;
    int before = signals;
    for (int round = 0; round < rounds; round++) {
        protect(pages, PAGES, round % 2 ? PROT_READ : PROT_NONE);
        for (int page = 0; page < PAGES; page++) {
            unsigned char *address = pages + page * GUEST_PAGE_BYTES + (round * 37 + page) % GUEST_PAGE_BYTES;
            expected_address = address;
            expected_code = SEGV_ACCERR;
            repair = 1;
            *(volatile unsigned char *) address += (unsigned char) (round + page);
        }
    }
    for (size_t i = 0; i < PAGES * GUEST_PAGE_BYTES; i++) {
        sum = guest_checksum(sum, pages[i]);
    }
    printf("%d faults repaired, checksum %016llx\n", signals - before, (unsigned long long) sum);
}

/* Every second page read-only splits the mapping; one call makes it whole again. */
static void split_and_join(unsigned char *pages) {
    int refusals = 0;
    for (int page = 0; page < PAGES; page += 2) {
        protect(pages + page * GUEST_PAGE_BYTES, 1, PROT_READ);
    }
    for (int page = 0; page < PAGES; page++) {
        refusals += refused(pages + page * GUEST_PAGE_BYTES, 1, SEGV_ACCERR);
    }
    protect(pages, PAGES, PROT_READ | PROT_WRITE);
    for (int page = 0; page < PAGES; page++) {
        refusals += refused(pages + page * GUEST_PAGE_BYTES, 1, SEGV_ACCERR) * 1000;
    }
    printf("split: %d writes refused\n", refusals);
}

static void unmapped(unsigned char *pages) {
    if (munmap(pages + GUEST_PAGE_BYTES, GUEST_PAGE_BYTES)) {
        guest_fail("munmap");
    }
    guest_check("write to an unmapped page is refused", refused(pages + GUEST_PAGE_BYTES + 3, 1, SEGV_MAPERR));
    guest_check("its neighbours stay", !refused(pages, 1, 0) && !refused(pages + 2 * GUEST_PAGE_BYTES, 1, 0));
    guest_check("the null page is refused", refused((unsigned char *) 8, 0, SEGV_MAPERR));
    guest_check("mprotect of a hole fails", mprotect(pages, 3 * GUEST_PAGE_BYTES, PROT_READ) != 0);
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? (int) guest_number("rounds", argv[1], 1, 1000000) : 200;
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    if (sigaction(SIGSEGV, &action, NULL)) {
        guest_fail("sigaction");
    }
    unsigned char *pages = guest_fresh_memory(PAGES * GUEST_PAGE_BYTES);
    guest_mark("jump");
    jump_out(pages, rounds);
    guest_mark("repair");
    repair_and_return(pages, rounds / 10 + 2);
    guest_mark("split");
    split_and_join(pages);
    unmapped(pages);
    printf("%d signals, %d wrong\n", signals, wrong_signals);
    return guest_checks_status() || wrong_signals;
}
