/* The variant "hint" of the proposal "transparent": tables are shared only where a program said so. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>

#include "block.h"
#include "calls.h"
#include "guest.h"

#define PAGES 64

int main(void) {
    int fd = guest_block_file(1);
    unsigned char *block = guest_free_blocks(1);
    guest_map_blocks(block, fd, BLOCK_BYTES, PROT_READ | PROT_WRITE);
    guest_store_pages(block, PAGES, 1);
    guest_rule("T", "4 transparent: without the hint nothing is shared", guest_child_faults(NULL, block, PAGES, 0) > 0);
    guest_rule_errno("T", "4 transparent: a hint by madvise may switch it on",
                     madvise(block, BLOCK_BYTES, GUEST_MADV_SHARE_TABLES) ? errno : 0, 0);
    guest_store_pages(block + BLOCK_BYTES / 2, 1, 1);
    guest_rule("O", "transparent: a child inherits the hint and is linked", guest_child_faults(NULL, block, PAGES, 0) == 0);
    guest_rule_errno("O", "transparent: the hint for a hole is ENOMEM, as any advice",
                     madvise(block + BLOCK_BYTES, BLOCK_BYTES, GUEST_MADV_SHARE_TABLES) ? errno : 0, ENOMEM);
    return guest_rules_end();
}
