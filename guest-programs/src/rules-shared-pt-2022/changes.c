/* What a sharer's calls do to the others. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "rules.h"

static int errno_of(int result) {
    return result ? errno : 0;
}

static int store(void *argument) {
    struct scene *scene = argument;
    scene->at[scene->page * GUEST_PAGE_BYTES] = 13;
    return 0;
}

static int load(void *argument) {
    struct scene *scene = argument;
    return scene->at[scene->page * GUEST_PAGE_BYTES];
}

static int store_to(struct scene *scene, size_t page) {
    scene->page = page;
    return shared_pt_child(store, scene);
}

static int load_from(struct scene *scene, size_t page) {
    scene->page = page;
    return shared_pt_child(load, scene);
}

static int protect_all(void *argument) {
    struct scene *scene = argument;
    return errno_of(mprotect(scene->at, scene->bytes, PROT_READ));
}

static int protect_part(void *argument) {
    struct scene *scene = argument;
    return errno_of(mprotect(scene->at + GUEST_PAGE_BYTES, GUEST_PAGE_BYTES, PROT_NONE));
}

static int map_anew_and_store(void *argument) {
    struct scene *scene = argument;
    if (munmap(scene->at, scene->bytes)
        || map_at(scene->at, scene->bytes, RW, MAP_SHARED | MAP_SHARED_PT_2022, scene->fd)) {
        return 127;
    }
    return store(scene);
}

static void try_protection(void) {
    struct scene scene = open_scene(1);
    guest_rule("P", "2.2: mprotect by one process: its own call succeeds", !shared_pt_child(protect_all, &scene));
    guest_rule("P", "2.2: mprotect by one process takes the right from the others",
               store_to(&scene, 0) == 128 + SIGSEGV && store_to(&scene, 1) == 128 + SIGSEGV);
    guest_rule("P", "2.2: mprotect takes no more than the right", load_from(&scene, 0) == 7);
    guest_rule("O", "2.2: who maps later is held to the rights that mprotect has left",
               shared_pt_child(map_anew_and_store, &scene) == 128 + SIGSEGV);
    guest_rule("P", "2.2: mprotect by one process gives the right to the others",
               !mprotect(scene.at, scene.bytes, RW) && !store_to(&scene, 0) && scene.at[0] == 13);
    guest_rule("P", "2.2: mprotect of a part reaches the others there",
               !shared_pt_child(protect_part, &scene) && load_from(&scene, 1) == 128 + SIGSEGV);
    guest_rule("P", "2.2: mprotect of a part leaves the rest", !store_to(&scene, 0) && !store_to(&scene, 2));
    guest_rule_errno("D", "2.2: after mprotect of a part the exact range is still unmapped",
                     errno_of(munmap(scene.at, scene.bytes)), 0);
    close(scene.fd);
}

static void try_unmapping(void) {
    struct scene scene = open_scene(2);
    guest_rule_errno("P", "2.2: munmap of the first half: EINVAL",
                     errno_of(munmap(scene.at, SHARED_PT_BYTES)), EINVAL);
    guest_rule_errno("P", "2.2: munmap of the second half: EINVAL",
                     errno_of(munmap(scene.at + SHARED_PT_BYTES, SHARED_PT_BYTES)), EINVAL);
    guest_rule_errno("P", "2.2: munmap of one page: EINVAL", errno_of(munmap(scene.at, GUEST_PAGE_BYTES)), EINVAL);
    guest_rule_errno("P", "2.2: munmap of more than the range, from its start: EINVAL",
                     errno_of(munmap(scene.at, scene.bytes + GUEST_PAGE_BYTES)), EINVAL);
    guest_rule_errno("D", "2.2: MAP_FIXED over a part: EINVAL",
                     map_at(scene.at, GUEST_PAGE_BYTES, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1), EINVAL);
    guest_rule("D", "2.2: what was refused has changed nothing", scene.at[0] == 7);
    guest_rule("O", "2.2: mremap that moves or resizes: EINVAL",
               mremap(scene.at, scene.bytes, scene.bytes + SHARED_PT_BYTES, MREMAP_MAYMOVE) == MAP_FAILED
                   && errno == EINVAL
                   && mremap(scene.at, scene.bytes, scene.bytes, MREMAP_MAYMOVE | MREMAP_FIXED, scene.at + (1ul << 30))
                          == MAP_FAILED
                   && errno == EINVAL);
    guest_rule("D", "2.2: MAP_FIXED over the exact range replaces it",
               !map_at(scene.at, scene.bytes, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1) && scene.at[0] == 0);
    close_scene(&scene);
}

static int drop(void *argument) {
    struct scene *scene = argument;
    return errno_of(madvise(scene->at, scene->bytes, MADV_DONTNEED));
}

static void try_advice_and_file(void) {
    struct scene scene = open_scene(1);
    guest_rule("D", "2.2: MADV_DONTNEED drops the entries of all", !shared_pt_child(drop, &scene)
                                                                       && shared_pt_look(scene.at) > 0);
    guest_rule("D", "2.2: MADV_DONTNEED loses no content", scene.at[0] == 7 && load_from(&scene, 0) == 7);
    guest_rule("D", "2.2: MADV_REMOVE makes zeroes for all",
               !madvise(scene.at, GUEST_PAGE_BYTES, MADV_REMOVE) && load_from(&scene, 0) == 0
                   && load_from(&scene, 1) == 7);
    guest_rule("D", "2.2: a hole punched in the file makes zeroes for all",
               !fallocate(scene.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, GUEST_PAGE_BYTES, GUEST_PAGE_BYTES)
                   && scene.at[GUEST_PAGE_BYTES] == 0 && load_from(&scene, 1) == 0);
    guest_rule("D", "2.2: beyond the end of a truncated file: SIGBUS for all",
               !ftruncate(scene.fd, 2 * GUEST_PAGE_BYTES) && load_from(&scene, 2) == 128 + SIGBUS
                   && load_from(&scene, 1) == 0);
    close_scene(&scene);
}

void try_changes(void) {
    try_protection();
    try_unmapping();
    try_advice_and_file();
}
