/*
 * A container of mappings that one process changes while others use it, as QEMU would with the DAX window of a
 * virtio-fs device: the parent shows parts of files in slots of the window, takes them away and changes their rights;
 * the daemons load and store, and find what is there now. Where the design has calls that change a region for all, the
 * parent makes one call and the daemons know nothing of it; under "private" it sends each daemon a message, and each
 * makes the call itself.
 *
 *     live-container [--daemons 3] [--rounds 24]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"

#define SLOTS 4
#define SLOT_PAGES 4
#define SLOT_BYTES (SLOT_PAGES * GUEST_PAGE_BYTES)
#define FILES 3
#define FILE_BYTES (2 * SLOT_BYTES)
#define MOST_DAEMONS 32

enum { MAP, UNMAP, END };

/* A change of the window, and what a slot shows: part `part` of file `file`, or nothing. */
struct change {
    uint32_t what;
    uint32_t slot;
    uint32_t file;
    uint32_t part;
    int prot;
};

struct board {
    uint32_t generation; /* changes made so far */
    uint32_t message;    /* messages sent so far: "private" only */
    uint32_t obeyed;     /* daemons that have obeyed the last message */
    uint32_t checked;    /* daemons that have looked at the last generation */
    uint32_t wrong;
    struct change last;
    struct change slots[SLOTS];
    uint32_t calls; /* calls that daemons made to change their windows */
};

static struct guest_region region;
static struct board *board;
static int files[FILES];
static sigjmp_buf escape;

static void on_fault(int signal) {
    siglongjmp(escape, signal);
}

static unsigned char tag(uint32_t file, uint32_t part, unsigned page) {
    return (unsigned char) (1 + file * 32 + part * 8 + page);
}

static volatile unsigned char *at(uint32_t slot, unsigned page) {
    return region.base + slot * SLOT_BYTES + page * GUEST_PAGE_BYTES;
}

/* Returns what a load of the slot's page gives: the byte, or -1. */
static int load(uint32_t slot, unsigned page) {
    return sigsetjmp(escape, 1) ? -1 : *at(slot, page);
}

/* Returns whether the slot's page can be stored to. */
static int store(uint32_t slot, unsigned page, unsigned daemon) {
    if (sigsetjmp(escape, 1)) {
        return 0;
    }
    at(slot, page)[8 + daemon] = (unsigned char) board->generation;
    return 1;
}

static int apply(const struct change *change, int for_all) {
    size_t offset = change->slot * SLOT_BYTES;
    struct guest_file_part part = {files[change->file], change->part * SLOT_BYTES, change->prot};
    if (change->what == UNMAP) {
        return for_all ? guest_region_unmap_for_all(&region, offset, SLOT_BYTES)
                       : guest_region_unmap(&region, offset, SLOT_BYTES);
    }
    return for_all ? guest_region_map_file_for_all(&region, offset, SLOT_BYTES, &part)
                   : guest_region_map_file(&region, offset, SLOT_BYTES, &part);
}

/* Looks at every slot; returns whether each shows what the board says, with no more and no fewer rights. */
static int check(unsigned daemon) {
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        const struct change *shown = &board->slots[slot];
        for (unsigned page = 0; page < SLOT_PAGES; page++) {
            int expected = shown->what == MAP ? tag(shown->file, shown->part, page) : -1;
            int writable = shown->what == MAP && (shown->prot & PROT_WRITE);
            if (load(slot, page) != expected || store(slot, page, daemon) != writable) {
                return 0;
            }
        }
    }
    return 1;
}

static void be_daemon(unsigned daemon, int for_all) {
    struct sigaction action = {.sa_handler = on_fault};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    guest_region_attach(&region);
    if (!for_all) {
        guest_region_unmap(&region, 0, SLOTS * SLOT_BYTES);
    }
    uint32_t messages = 0, generation = 0;
    for (;;) {
        if (!for_all) {
            guest_await(&board->message, ++messages);
            if (board->last.what != END) {
                apply(&board->last, 0);
                __atomic_add_fetch(&board->calls, 1, __ATOMIC_RELAXED);
            }
            __atomic_add_fetch(&board->obeyed, 1, __ATOMIC_RELEASE);
        }
        guest_await(&board->generation, ++generation);
        if (board->last.what == END) {
            _exit(0);
        }
        guest_mark("use");
        if (!check(daemon)) {
            __atomic_add_fetch(&board->wrong, 1, __ATOMIC_RELAXED);
        }
        __atomic_add_fetch(&board->checked, 1, __ATOMIC_RELEASE);
    }
}

/* Makes a change for everybody; returns 0 or an errno value. */
static int change(const struct change *wanted, unsigned daemons, int for_all) {
    int result = 0;
    guest_mark("change");
    board->last = *wanted;
    if (for_all) {
        result = wanted->what == END ? 0 : apply(wanted, 1);
    } else {
        board->obeyed = 0;
        __atomic_add_fetch(&board->message, 1, __ATOMIC_RELEASE);
        guest_await(&board->obeyed, daemons);
    }
    if (wanted->what != END) {
        board->slots[wanted->slot] = *wanted;
    }
    board->checked = 0;
    __atomic_add_fetch(&board->generation, 1, __ATOMIC_RELEASE);
    guest_mark("wait");
    if (wanted->what != END) {
        guest_await(&board->checked, daemons);
    }
    return result;
}

static void make_files(void) {
    for (uint32_t file = 0; file < FILES; file++) {
        files[file] = memfd_create("live-container", 0);
        if (files[file] < 0 || ftruncate(files[file], FILE_BYTES)) {
            guest_fail("memfd");
        }
        for (uint32_t page = 0; page < 2 * SLOT_PAGES; page++) {
            unsigned char byte = tag(file, page / SLOT_PAGES, page % SLOT_PAGES);
            if (pwrite(files[file], &byte, 1, page * GUEST_PAGE_BYTES) != 1) {
                guest_fail("memfd");
            }
        }
    }
}

int main(int argc, char **argv) {
    unsigned daemons = 3;
    uint32_t rounds = 24;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--daemons") && i + 1 < argc) {
            daemons = (unsigned) guest_number("--daemons", argv[++i], 1, MOST_DAEMONS);
        } else if (!strcmp(argv[i], "--rounds") && i + 1 < argc) {
            rounds = (uint32_t) guest_number("--rounds", argv[++i], 1, 100000);
        } else {
            guest_refuse(2, "usage: live-container [--daemons N] [--rounds N]");
        }
    }
    guest_mark("setup");
    make_files();
    board = guest_shared_memory(sizeof *board);
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        board->slots[slot].what = UNMAP;
    }
    guest_region_create(&region, "window", SLOTS * SLOT_BYTES);
    int for_all = guest_region_can_map_file_for_all(&region) && guest_region_can_map_for_all(&region);
    if (for_all && guest_region_unmap_for_all(&region, 0, SLOTS * SLOT_BYTES)) {
        guest_refuse(1, "the window cannot be emptied");
    }
    pid_t pids[MOST_DAEMONS];
    fflush(stdout);
    for (unsigned daemon = 0; daemon < daemons; daemon++) {
        pids[daemon] = fork();
        if (pids[daemon] == 0) {
            be_daemon(daemon, for_all);
        }
    }
    int failed = 0;
    for (uint32_t round = 0; round < rounds; round++) {
        struct change next = {
            .what = round % 5 == 4 ? UNMAP : MAP,
            .slot = round % SLOTS,
            .file = round / 2 % FILES,
            .part = round % 2,
            .prot = round % 3 == 2 ? PROT_READ : PROT_READ | PROT_WRITE,
        };
        failed += change(&next, daemons, for_all) != 0;
    }
    struct change end = {.what = END};
    failed += change(&end, daemons, for_all);
    for (unsigned daemon = 0; daemon < daemons; daemon++) {
        failed += guest_wait(pids[daemon]) != 0;
    }
    guest_mark("teardown");
    guest_region_destroy(&region);
    printf("design %s: %u changes by one process, %u daemons, %u calls by them\n", guest_design_name(), rounds, daemons,
           board->calls);
    guest_check("every daemon found every change", !failed && !board->wrong);
    return guest_checks_status();
}
