/* The rules of the proposal "attach": a call that shares the tables of mappings that exist. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "block.h"
#include "calls.h"
#include "guest.h"

#define PAGES 64
#define HALF (BLOCK_BYTES / 2)

static unsigned char *block;
static unsigned char *other;
static int fd;

static int share(void *at, size_t bytes, int flags) {
    return syscall(GUEST_SYS_SHARE_TABLES, at, bytes, flags) ? errno : 0;
}

static void share_other(void) {
    guest_map_blocks(other, fd, BLOCK_BYTES, PROT_READ | PROT_WRITE);
    if (share(other, BLOCK_BYTES, 0)) {
        guest_fail("share_tables");
    }
}

static void map_other(void) {
    guest_map_blocks(other, fd, BLOCK_BYTES, PROT_READ | PROT_WRITE);
}

/* Fills a table of its own in the upper half, then shares. */
static void fill_and_share_other(void) {
    map_other();
    guest_store_pages(other + HALF, 1, 9);
    if (share(other, BLOCK_BYTES, 0)) {
        guest_fail("share_tables");
    }
}

static void protect_last_page(void) {
    if (mprotect(block + BLOCK_BYTES - GUEST_PAGE_BYTES, GUEST_PAGE_BYTES, PROT_READ)) {
        guest_fail("mprotect");
    }
}

static void answers(void) {
    guest_rule_errno("O", "attach: unknown flags: EINVAL", share(block, BLOCK_BYTES, 1), EINVAL);
    guest_rule_errno("O", "attach: no bytes: nothing to do", share(block, 0, 0), 0);
    guest_rule_errno("O", "attach: a hole in the range: ENOMEM", share(block, 2 * BLOCK_BYTES, 0), ENOMEM);
    void *private = guest_fresh_memory(GUEST_PAGE_BYTES);
    guest_rule_errno("O", "attach: a private area: EINVAL", share(private, GUEST_PAGE_BYTES, 0), EINVAL);
    guest_rule("O", "attach: a refused call marks nothing", guest_child_faults(NULL, block, PAGES, 0) > 0);
    unsigned char *small = mmap(NULL, GUEST_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    guest_rule_errno("T", "4 attach: no size or alignment is required", share(small + 5, 7, 0), 0);
}

int main(void) {
    fd = guest_block_file(1);
    block = guest_free_blocks(4);
    other = block + 3 * BLOCK_BYTES;
    guest_map_blocks(block, fd, BLOCK_BYTES, PROT_READ | PROT_WRITE);
    guest_store_pages(block, PAGES, 1);
    answers();
    guest_rule_errno("T", "4 attach: the property can be attached to an area that exists", share(block, BLOCK_BYTES, 0), 0);
    guest_rule("T", "4 attach: a table filled before is adopted: no fault for its pages",
               guest_child_faults(share_other, other, PAGES, 0) == 0);
    guest_rule("O", "attach: a mapping without the property shares nothing",
               guest_child_faults(map_other, other, PAGES, 0) > 0);
    guest_rule("O", "attach: who has filled a table of its own gives it up for the shared one",
               guest_child_faults(fill_and_share_other, other, PAGES, 0) == 0);
    guest_rule("O", "attach: a child inherits the property", guest_child_faults(NULL, block, PAGES, 0) == 0);
    guest_rule("O", "attach: what a sharer faults in is there for all",
               guest_child_faults(share_other, other + HALF, PAGES, 7) > 0 && guest_own_faults(block + HALF, PAGES, 0) == 0
                   && guest_load_pages(block + HALF, PAGES) == 7 * PAGES);
    guest_rule("O", "attach: mprotect unlinks the caller", guest_child_faults(protect_last_page, block, PAGES, 0) > 0);
    guest_rule("O", "attach: mprotect leaves the others their table", guest_own_faults(block, PAGES, 2) == 0);
    return guest_rules_end();
}
