/*
 * The rules of the proposal "transparent", seen through the faults that a process takes: where a table is shared, a
 * page that somebody has faulted in costs nobody else a minor fault.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "block.h"
#include "guest.h"

#define PAGES 64

static unsigned char *blocks; /* two blocks of the file, readable and writable */
static unsigned char *other;  /* elsewhere */
static int fd;

static void protect_whole(void) {
    if (mprotect(blocks, 2 * BLOCK_BYTES, PROT_READ)) {
        guest_fail("mprotect");
    }
}

static void protect_last_page(void) {
    if (mprotect(blocks + BLOCK_BYTES - GUEST_PAGE_BYTES, GUEST_PAGE_BYTES, PROT_READ)) {
        guest_fail("mprotect");
    }
}

static void forbid_and_allow(void) {
    if (mprotect(blocks, BLOCK_BYTES, PROT_NONE) || mprotect(blocks, BLOCK_BYTES, PROT_READ | PROT_WRITE)) {
        guest_fail("mprotect");
    }
}

static void forbid(void) {
    if (mprotect(blocks, BLOCK_BYTES, PROT_NONE)) {
        guest_fail("mprotect");
    }
}

static void unmap_last_page(void) {
    if (munmap(blocks + BLOCK_BYTES - GUEST_PAGE_BYTES, GUEST_PAGE_BYTES)) {
        guest_fail("munmap");
    }
}

static void drop_pages(void) {
    if (madvise(blocks, PAGES * GUEST_PAGE_BYTES, MADV_DONTNEED)) {
        guest_fail("madvise");
    }
}

static void move_away(void) {
    guest_store_pages(blocks, 1, 1);
    if (mremap(blocks, BLOCK_BYTES, BLOCK_BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, other) != other) {
        guest_fail("mremap");
    }
}

static void map_elsewhere(void) {
    guest_map_blocks(other, fd, BLOCK_BYTES, PROT_READ | PROT_WRITE);
}

static void map_for_reading(void) {
    guest_map_blocks(other, fd, BLOCK_BYTES, PROT_READ);
}

static void map_private(void) {
    if (mmap(other, BLOCK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0) != other) {
        guest_fail("private mapping");
    }
}

static void map_too_little(void) {
    guest_map_blocks(other, fd, BLOCK_BYTES - GUEST_PAGE_BYTES, PROT_READ | PROT_WRITE);
}

static void lock_all(void) {
    if (mlock(blocks, BLOCK_BYTES)) {
        guest_fail("mlock");
    }
}

static void linking(void) {
    guest_store_pages(blocks, PAGES, 1);
    guest_rule("T", "4 transparent: a table is linked where an area covers the block: no fault for pages that are there",
               guest_child_faults(NULL, blocks, PAGES, 0) == 0);
    guest_rule("T", "6 transparent: what one process faults in all have: the child's stores are new",
               guest_child_faults(NULL, blocks + BLOCK_BYTES / 2, PAGES, 5) == PAGES);
    guest_rule("T", "6 transparent: what one process faults in all have: the parent finds them",
               guest_own_faults(blocks + BLOCK_BYTES / 2, PAGES, 0) == 0
                   && guest_load_pages(blocks + BLOCK_BYTES / 2, PAGES) == 5 * PAGES);
    guest_rule("T", "4 transparent: an area that does not cover the block shares nothing",
               guest_child_faults(map_too_little, other, PAGES, 0) > 0);
    guest_rule("O", "transparent: the table follows the file, at any address",
               guest_child_faults(map_elsewhere, other, PAGES, 0) == 0);
    guest_rule("O", "transparent: private mappings share nothing", guest_child_faults(map_private, other, PAGES, 0) > 0);
    guest_rule("T", "4 transparent: the tables for writing are not linked by a reader",
               guest_child_faults(map_for_reading, other, PAGES, 0) > 0);
    guest_rule("O", "transparent: mlock is no difference", guest_child_faults(lock_all, blocks, PAGES, 2) == 0);
}

static void protections(void) {
    guest_rule("T", "4 transparent: unshare on mprotect: the caller refaults what it keeps in the block",
               guest_child_faults(protect_last_page, blocks, PAGES, 0) > 0);
    guest_rule("T", "4 transparent: unshare on mprotect: the others keep their table",
               guest_own_faults(blocks, PAGES, 3) == 0);
    guest_rule("T", "4 transparent: rights are each process's own: a store after mprotect is SIGSEGV",
               guest_child_faults(protect_whole, blocks, 1, 1) == -1);
    guest_rule("T", "4 transparent: without a table of the new rights the caller faults again",
               guest_child_faults(protect_whole, blocks, PAGES, 0) > 0);
    map_for_reading();
    (void) guest_load_pages(other, PAGES);
    guest_rule("T", "4 transparent: mprotect of the whole block links the table of the other protection",
               guest_child_faults(protect_whole, blocks, PAGES, 0) == 0);
    guest_rule("T", "4 transparent: one set for reading: a second reader is linked to it",
               guest_child_faults(map_for_reading, other, PAGES, 0) == 0);
    guest_rule("T", "4 transparent: PROT_NONE is excluded: a load is SIGSEGV",
               guest_child_faults(forbid, blocks, 1, 0) == -1);
    guest_rule("O", "transparent: rights given back link the table again",
               guest_child_faults(forbid_and_allow, blocks, PAGES, 3) == 0);
}

static void changes(void) {
    guest_rule("T", "6 transparent: munmap of a part unlinks the caller", guest_child_faults(unmap_last_page, blocks, PAGES, 0) > 0);
    guest_rule("O", "transparent: MADV_DONTNEED drops the caller's link, and the next fault links again",
               guest_child_faults(drop_pages, blocks, PAGES, 0) == 0);
    guest_rule("O", "transparent: mremap moves no entries of the shared table; the new place is linked",
               guest_child_faults(move_away, other, PAGES, 0) == 0);
    guest_rule("T", "6 transparent: the others keep their table through all of it",
               guest_own_faults(blocks, PAGES, 3) == 0 && guest_load_pages(blocks, PAGES) == 3 * PAGES);
}

static int signal_of_child_load(unsigned char *at) {
    pid_t pid = fork();
    if (pid == 0) {
        _exit((int) guest_load_pages(at, 1));
    }
    return guest_wait(pid) & 0x7f;
}

static void files(void) {
    int punched = fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t) GUEST_PAGE_BYTES);
    guest_rule("O", "transparent: a punched hole is seen by everyone", !punched && guest_load_pages(blocks, 1) == 0
                   && guest_load_pages(other, 1) == 0);
    int truncated = ftruncate(fd, (off_t) BLOCK_BYTES);
    guest_rule("O", "transparent: truncation is SIGBUS for everyone",
               !truncated && signal_of_child_load(blocks + BLOCK_BYTES) == SIGBUS
                   && !signal_of_child_load(blocks + GUEST_PAGE_BYTES));
}

int main(void) {
    fd = guest_block_file(2);
    blocks = guest_free_blocks(4);
    other = blocks + 3 * BLOCK_BYTES;
    guest_map_blocks(blocks, fd, 2 * BLOCK_BYTES, PROT_READ | PROT_WRITE);
    linking();
    protections();
    changes();
    files();
    return guest_rules_end();
}
