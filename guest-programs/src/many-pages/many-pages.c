/* Touches the given number of fresh pages (131,072: 512 MiB): more than a small machine has. */
#include <stdio.h>

#include "guest.h"

int main(int argc, char **argv) {
    uint64_t pages = argc > 1 ? guest_number("pages", argv[1], 1, 1ul << 30) : 131072;
    volatile unsigned char *memory = guest_fresh_memory(pages * GUEST_PAGE_BYTES);
    printf("touching %llu pages\n", (unsigned long long) pages);
    fflush(stdout);
    for (uint64_t page = 0; page < pages; page++) {
        memory[page * GUEST_PAGE_BYTES] = 1;
    }
    printf("touched all\n");
    return 0;
}
