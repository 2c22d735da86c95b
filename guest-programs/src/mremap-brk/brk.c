/* brk: the heap's end moved up, down and up again, and after fork. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mremap-brk.h"

#define PAGE GUEST_PAGE_BYTES

void check_brk(void) {
    unsigned char *start = sbrk(0);
    start += -(uintptr_t) start % PAGE;
    guest_check("brk to a page's start", brk(start) == 0 && sbrk(0) == start);
    guest_check("brk up", brk(start + 100 * PAGE) == 0);
    guest_check("new heap is zero", !start[0] && !start[100 * PAGE - 1]);
    fill_pages(start, 100, 20);
    guest_check("heap holds", pages_hold(start, 100, 20));
    guest_check("brk down", brk(start + 10 * PAGE) == 0 && pages_hold(start, 10, 20));
    guest_check("rest is gone", is_mapped(start + 9 * PAGE) && !is_mapped(start + 10 * PAGE));
    guest_check("brk up again gives zeroes", brk(start + 20 * PAGE) == 0 && !start[10 * PAGE] && pages_hold(start, 10, 20));
    guest_check("brk within a page", brk(start + 10 * PAGE + 100) == 0 && is_mapped(start + 10 * PAGE + 200));
    guest_check_errno("brk beyond all memory", errno_of(brk((void *) (1ul << 62))), ENOMEM);
    pid_t child = fork();
    if (!child) {
        int right = pages_hold(start, 10, 20) && brk(start + 50 * PAGE) == 0;
        fill_pages(start, 50, 21);
        _exit(right && pages_hold(start, 50, 21) ? 0 : 1);
    }
    guest_check("child has a heap of its own",
                guest_wait(child) == 0 && pages_hold(start, 10, 20) && !is_mapped(start + 40 * PAGE));
}
