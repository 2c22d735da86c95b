/* MAP_SHARED_PT of 2022 with the rules that its comments state: what "strict" does otherwise than what was posted. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "shared_pt.h"

#define RW (PROT_READ | PROT_WRITE)
#define AT SHARED_PT_PLACE

static int fd;

static int map_with(int prot, int type) {
    return mmap(AT, SHARED_PT_BYTES, prot, type | MAP_FIXED | MAP_SHARED_PT_2022, fd, 0) == AT ? 0 : errno;
}

static int look_read_only(void *argument) {
    (void) argument;
    return munmap(AT, SHARED_PT_BYTES) || map_with(PROT_READ, MAP_SHARED) ? 127 : (int) shared_pt_look(AT);
}

static int store_read_only(void *argument) {
    (void) argument;
    if (munmap(AT, SHARED_PT_BYTES) || map_with(PROT_READ, MAP_SHARED)) {
        return 127;
    }
    shared_pt_look(AT);
    *AT = 9;
    return 0;
}

static int look(void *argument) {
    (void) argument;
    return munmap(AT, SHARED_PT_BYTES) || map_with(RW, MAP_SHARED) ? 127 : (int) shared_pt_look(AT);
}

static int protect(void *argument) {
    (void) argument;
    return mprotect(AT, SHARED_PT_BYTES, PROT_READ) ? 127 : 0;
}

static int store(void *argument) {
    (void) argument;
    *AT = 9;
    return 0;
}

int main(void) {
    fd = shared_pt_file(SHARED_PT_BYTES);
    guest_rule_errno("P", "2.2 strict: MAP_PRIVATE: EINVAL", map_with(RW, MAP_PRIVATE), EINVAL);
    if (map_with(RW, MAP_SHARED)) {
        guest_fail("map");
    }
    shared_pt_fill(AT, 7);
    guest_rule("P", "2.2 strict: the same rights: shared", shared_pt_child(look, NULL) == 0);
    int faults = shared_pt_child(look_read_only, NULL);
    guest_rule("P", "2.2 strict: other rights: quietly not shared", faults > 0 && faults < 127);
    guest_rule("P", "2.2 strict: who may only read cannot write", shared_pt_child(store_read_only, NULL) == 128 + SIGSEGV);
    guest_rule("P", "2.2 strict: mprotect by one process is for all sharers",
               !shared_pt_child(protect, NULL) && shared_pt_child(store, NULL) == 128 + SIGSEGV);
    return guest_rules_end();
}
