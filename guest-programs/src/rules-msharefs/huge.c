/* Sections 1.6, 1.9 and 1.14: hugetlb objects. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "rules.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS | MAP_HUGETLB)
#define OF_FILE (MAP_SHARED | MAP_FIXED)
#define HUGE (2ul << 20)
#define POOL_PAGES 8

static int fd;
static unsigned char *window;

static void try_rows(int object, unsigned char *direct) {
    guest_rule_errno("P", "1.6 row 6: the size of a part of a hugetlbfs file is rounded up",
                     create_object(fd, 0, PAGE, RW, OF_FILE, object), 0);
    guest_rule("P", "1.6 row 6: so that all of a huge page is there",
               !probe_write(window + HUGE - 8, 61) && probe_value(window + HUGE) == ~0ull);
    guest_rule("P", "1.14: a hugetlbfs file is an object: its pages are the file's",
               probe_value(direct + HUGE - 8) == 61);
    guest_rule_errno("P", "1.6 row 7: MAP_HUGETLB with a hugetlbfs file",
                     create_object(fd, 0, HUGE, RW, OF_FILE | MAP_HUGETLB, object), 0);
    guest_rule("P", "1.6 row 7: and the file is shown", probe_value(window + HUGE - 8) == 61);
    guest_rule_errno("P", "1.6 row 10: anonymous huge pages, the size rounded up",
                     create_object(fd, 4 * HUGE, PAGE, RW, ANON, -1), 0);
    guest_rule("P", "1.6 row 10: so that all of a huge page is there",
               !probe_write(window + 5 * HUGE - 8, 62) && probe_value(window + 5 * HUGE) == ~0ull);
    guest_rule_errno("P", "1.6 row 10: the size of the pages is chosen",
                     create_object(fd, 4 * HUGE, HUGE, RW, ANON | 21 << 26, -1), 0);
    guest_rule("P", "1.6 row 10: and new pages replace the old ones", probe_value(window + 5 * HUGE - 8) == 0);
    guest_rule_errno("P", "1.6 row 10: more huge pages than there are",
                     create_object(fd, 16 * HUGE, 2 * POOL_PAGES * HUGE, RW, ANON, -1), ENOMEM);
    guest_rule_errno("P", "1.6 row 11: a size that is rounded up beyond the end",
                     create_object(fd, slot - HUGE, HUGE + PAGE, RW, ANON | MAP_NORESERVE, -1), EINVAL);
    guest_rule_errno("D", "1.6 row 14: a place that is no huge page's",
                     create_object(fd, 8 * HUGE + PAGE, HUGE, RW, OF_FILE, object), EINVAL);
}

static int use_elsewhere(void *nothing) {
    unsigned char *mine = window_of(fd, 1);
    int wrong = probe_value(mine + 5 * HUGE - 8) != 63;
    long before = guest_minor_faults();
    wrong |= probe_write(mine + 4 * HUGE, 64) || probe_value(mine + HUGE - 8) != 61;
    return wrong || guest_minor_faults() != before;
}

static void try_unmap(void) {
    probe_write(window + 5 * HUGE - 8, 63);
    guest_rule("P", "1.14: others find the huge pages of both kinds in the tables that they link",
               !probe_in_child(use_elsewhere, NULL) && probe_value(window + 4 * HUGE) == 64);
    guest_rule_errno("D", "1.6 UNMAP: from within a huge page", unmap_object(fd, 4 * HUGE + PAGE, HUGE - PAGE), EINVAL);
    guest_rule_errno("D", "1.6 UNMAP: to within a huge page", unmap_object(fd, 4 * HUGE, PAGE), EINVAL);
    guest_rule("D", "1.6 UNMAP: and neither takes anything", probe_value(window + 4 * HUGE) == 64);
    guest_rule("D", "1.6 UNMAP: a whole huge page", !unmap_object(fd, 4 * HUGE, HUGE)
                                                     && probe_write(window + 4 * HUGE, 1) == 1);
}

static void try_exhaustion(void) {
    int filled = 0;
    int why = 0;
    int error = create_object(fd, 16 * HUGE, 4 * POOL_PAGES * HUGE, RW, ANON | MAP_NORESERVE, -1);
    while (filled < 4 * POOL_PAGES && !why) {
        why = probe_write(window + (16 + filled) * HUGE, 1);
        filled += !why;
    }
    guest_rule("D", "1.9: an exhausted pool of huge pages is SIGBUS", !error && filled && why == PROBE_BUS);
    guest_rule("D", "1.9: and what was filled stays", probe_value(window + 16 * HUGE) == 1);
}

void try_huge_objects(void) {
    int object = memfd_create("huge", MFD_HUGETLB);
    fd = sized_region(ROOT "/huge", 1);
    window = window_of(fd, 1);
    if (!guest_huge_pages(POOL_PAGES) || object < 0 || ftruncate(object, 2 * HUGE)) {
        guest_fail("huge pages");
    }
    unsigned char *direct = mmap(NULL, 2 * HUGE, RW, MAP_SHARED, object, 0);
    try_rows(object, direct);
    try_unmap();
    try_exhaustion();
    munmap(direct, 2 * HUGE);
    munmap(window, slot);
    close(object);
    close(fd);
    unlink(ROOT "/huge");
}
