/* Mappings that grow, shrink and move; the heap's end; mappings of files. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

#include "mremap-brk.h"

static int pipe_ends[2];
static sigjmp_buf escape;

void fill_pages(unsigned char *pages, int count, uint32_t side) {
    for (int page = 0; page < count; page++) {
        uint64_t *words = (uint64_t *) (pages + page * GUEST_PAGE_BYTES);
        for (uint32_t word = 0; word < GUEST_PAGE_BYTES / 8; word += 16) {
            words[word] = guest_mix((uint64_t) side << 32 | (uint32_t) page << 10 | word);
        }
    }
}

int pages_hold(const unsigned char *pages, int count, uint32_t side) {
    for (int page = 0; page < count; page++) {
        const uint64_t *words = (const uint64_t *) (pages + page * GUEST_PAGE_BYTES);
        for (uint32_t word = 0; word < GUEST_PAGE_BYTES / 8; word += 16) {
            if (words[word] != guest_mix((uint64_t) side << 32 | (uint32_t) page << 10 | word)) {
                return 0;
            }
        }
    }
    return 1;
}

int is_mapped(const unsigned char *address) {
    char byte;
    if (write(pipe_ends[1], address, 1) == 1) {
        return read(pipe_ends[0], &byte, 1) == 1;
    }
    if (errno != EFAULT) {
        guest_fail("write of one byte");
    }
    return 0;
}

static void on_signal(int signal) {
    siglongjmp(escape, signal);
}

int signal_of_read(const unsigned char *address) {
    int signal = sigsetjmp(escape, 1);
    if (!signal) {
        (void) *(const volatile unsigned char *) address;
    }
    return signal;
}

int errno_of(long result) {
    return result == -1 ? errno : 0;
}

int main(void) {
    if (pipe(pipe_ends)) {
        guest_fail("pipe");
    }
    signal(SIGSEGV, on_signal);
    signal(SIGBUS, on_signal);
    guest_mark("mremap");
    check_mremap();
    guest_mark("brk");
    check_brk();
    guest_mark("files");
    check_file_mappings();
    return guest_checks_status();
}
