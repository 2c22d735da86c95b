/* Which calls give the caller tables of its own, and what the others notice. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/userfaultfd.h>

#include "guest.h"
#include "probe.h"
#include "rules.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#define MADV_GUARD_INSTALL_2024 102
#define MADV_GUARD_REMOVE_2024 103

/* The second 2 MiB of a mapping of two: nobody has touched it. */
static unsigned char *untouched(const struct scene *scene) {
    return scene->at + SHARED_PT_BYTES;
}

static int store(void *argument) {
    const struct scene *scene = argument;
    scene->at[scene->page * GUEST_PAGE_BYTES] = 13;
    return 0;
}

static int load(void *argument) {
    const struct scene *scene = argument;
    return scene->at[scene->page * GUEST_PAGE_BYTES];
}

/* Hangs the shared tables in, and returns the faults of looking at the pages again after a change of rights. */
static int protect_and_look(void *argument) {
    const struct scene *scene = argument;
    shared_pt_look(scene->at);
    return mprotect(scene->at, scene->bytes, PROT_READ) ? 127 : (int) shared_pt_look(scene->at);
}

/* The same in a process that has not hung the tables in. */
static int protect_unlinked_and_look(void *argument) {
    const struct scene *scene = argument;
    return mprotect(scene->at, scene->bytes, PROT_READ) ? 127 : (int) shared_pt_look(scene->at);
}

static int protect_and_store(void *argument) {
    const struct scene *scene = argument;
    return mprotect(scene->at, scene->bytes, PROT_READ) ? 127 : store(argument);
}

/* Unshares, and fills pages that nobody has: its own tables have them then. */
static int protect_and_fill(void *argument) {
    const struct scene *scene = argument;
    if (mprotect(scene->at, GUEST_PAGE_BYTES, PROT_READ)) {
        return 127;
    }
    return (int) shared_pt_fill(untouched(scene), 5);
}

static int protect_alike_and_fill(void *argument) {
    const struct scene *scene = argument;
    return mprotect(scene->at, scene->bytes, RW) ? 127 : (int) shared_pt_fill(untouched(scene), 5);
}

static void try_protection(void) {
    struct scene scene = open_scene(2);
    guest_rule("P", "2.3: mprotect takes the caller's right", shared_pt_child(protect_and_store, &scene) == 128 + SIGSEGV);
    guest_rule("P", "2.3: mprotect leaves the others theirs", shared_pt_fill(scene.at, 7) == 0);
    guest_rule("P", "2.3: mprotect copies the caller's entries: no page is faulted in again",
               shared_pt_child(protect_and_look, &scene) == 0);
    int faults = shared_pt_child(protect_unlinked_and_look, &scene);
    guest_rule("D", "2.3: a table that the caller has not hung in yet is not copied", faults > 0 && faults < 127);
    guest_rule("P", "2.3: after mprotect the caller's faults are its own",
               shared_pt_child(protect_and_fill, &scene) == SHARED_PT_PAGES && shared_pt_look(untouched(&scene)) > 0);
    close_scene(&scene);
    scene = open_scene(2);
    guest_rule("O", "2.3: mprotect that changes no right unshares nothing",
               shared_pt_child(protect_alike_and_fill, &scene) == SHARED_PT_PAGES
                   && shared_pt_look(untouched(&scene)) == 0);
    close_scene(&scene);
}

static int move(void *argument) {
    const struct scene *scene = argument;
    unsigned char *target = scene->at + (1ul << 30);
    shared_pt_look(scene->at);
    if (mremap(scene->at, scene->bytes, scene->bytes, MREMAP_MAYMOVE | MREMAP_FIXED, target) != target) {
        return errno;
    }
    return shared_pt_look(target) == 0 && *target == 7 ? 0 : 127;
}

static int move_half(void *argument) {
    const struct scene *scene = argument;
    unsigned char *target = scene->at + (1ul << 30);
    if (mremap(untouched(scene), SHARED_PT_BYTES, SHARED_PT_BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, target) != target) {
        return errno;
    }
    return *target == 0 && *scene->at == 7 ? 0 : 127;
}

static int grow(void *argument) {
    const struct scene *scene = argument;
    unsigned char *grown = mremap(scene->at, SHARED_PT_BYTES, 2 * SHARED_PT_BYTES, MREMAP_MAYMOVE);
    return grown == MAP_FAILED ? errno : *grown == 7 && grown[SHARED_PT_BYTES] == 0 ? 0 : 127;
}

static int unmap_half(void *argument) {
    const struct scene *scene = argument;
    shared_pt_look(scene->at);
    return munmap(untouched(scene), SHARED_PT_BYTES) ? errno : (int) shared_pt_look(scene->at);
}

static int unmap_page(void *argument) {
    const struct scene *scene = argument;
    return munmap(scene->at, GUEST_PAGE_BYTES) ? errno : load(argument);
}

static int unmap_whole(void *argument) {
    const struct scene *scene = argument;
    return munmap(scene->at, scene->bytes) ? errno : load(argument);
}

static int map_over(void *argument) {
    const struct scene *scene = argument;
    unsigned char *over = mmap(untouched(scene), GUEST_PAGE_BYTES, RW, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (over == MAP_FAILED) {
        return errno;
    }
    *over = 'K';
    return *scene->at == 7 && over[GUEST_PAGE_BYTES] == 0 ? 0 : 127;
}

static void try_layout(void) {
    struct scene scene = open_scene(2);
    guest_rule("P", "2.3: mremap moves the caller's copies", shared_pt_child(move, &scene) == 0);
    guest_rule("P", "2.3: mremap of a part: both parts stay usable", shared_pt_child(move_half, &scene) == 0);
    guest_rule("P", "2.3: munmap of a part copies the caller's entries for the rest",
               shared_pt_child(unmap_half, &scene) == 0);
    scene.page = 1;
    guest_rule("P", "2.3: munmap of one page leaves the others of its table", shared_pt_child(unmap_page, &scene) == 7);
    scene.page = 0;
    guest_rule("P", "2.3: munmap of a part takes the caller's pages", shared_pt_child(unmap_page, &scene) == 128 + SIGSEGV);
    guest_rule("P", "2.3: munmap of the whole takes out the caller", shared_pt_child(unmap_whole, &scene) == 128 + SIGSEGV);
    guest_rule("P", "2.3: MAP_FIXED over a part: the rest stays usable", shared_pt_child(map_over, &scene) == 0);
    guest_rule("P", "2.3: none of this is seen by the others", shared_pt_look(scene.at) == 0 && scene.at[0] == 7);
    scene.bytes = SHARED_PT_BYTES;
    munmap(untouched(&scene), SHARED_PT_BYTES);
    guest_rule("P", "2.3: mremap grows what was unshared", shared_pt_child(grow, &scene) == 0);
    close_scene(&scene);
}

static int drop_and_look(void *argument) {
    const struct scene *scene = argument;
    if (madvise(scene->at, scene->bytes, MADV_DONTNEED)) {
        return 127;
    }
    return shared_pt_look(scene->at) > 0 ? scene->at[0] : 127;
}

static int remove_page(void *argument) {
    const struct scene *scene = argument;
    return madvise(scene->at, GUEST_PAGE_BYTES, MADV_REMOVE) ? 127 : scene->at[0];
}

static int page_out(void *argument) {
    const struct scene *scene = argument;
    return madvise(scene->at, scene->bytes, MADV_PAGEOUT) ? errno : 0;
}

static int page_out_locked(void *argument) {
    const struct scene *scene = argument;
    return mlock(scene->at, scene->bytes) ? 127 : page_out(argument);
}

/* Returns how many of the first pages need no fetching. */
static int resident(const struct scene *scene) {
    unsigned char pages[SHARED_PT_PAGES];
    int count = 0;
    if (mincore(scene->at, sizeof pages * GUEST_PAGE_BYTES, pages)) {
        guest_fail("mincore");
    }
    for (size_t page = 0; page < sizeof pages; page++) {
        count += pages[page] & 1;
    }
    return count;
}

static void try_advice(void) {
    struct scene scene = open_scene(1);
    guest_rule("P", "2.3: MADV_DONTNEED drops the caller's entries and no content",
               shared_pt_child(drop_and_look, &scene) == 7);
    guest_rule("P", "2.3: MADV_DONTNEED leaves the others their entries", shared_pt_look(scene.at) == 0);
    guest_rule("P", "2.3: MADV_REMOVE makes zeroes for the caller", shared_pt_child(remove_page, &scene) == 0);
    guest_rule("P", "2.3: and for all", scene.at[0] == 0 && scene.at[GUEST_PAGE_BYTES] == 7);
    guest_rule_errno("P", "2.3: MADV_GUARD_INSTALL: EINVAL",
                     madvise(scene.at, GUEST_PAGE_BYTES, MADV_GUARD_INSTALL_2024) ? errno : 0, EINVAL);
    guest_rule_errno("P", "2.3: MADV_GUARD_REMOVE: EINVAL",
                     madvise(scene.at, GUEST_PAGE_BYTES, MADV_GUARD_REMOVE_2024) ? errno : 0, EINVAL);
    close_scene(&scene);

    scene = open_scene(1);
    guest_rule_errno("D", "2.3: MADV_PAGEOUT of what the caller has locked: EINVAL",
                     shared_pt_child(page_out_locked, &scene), EINVAL);
    guest_rule("P", "2.3: MADV_PAGEOUT by one takes the pages from all, through the shadow",
               shared_pt_child(page_out, &scene) == 0 && resident(&scene) == 0);
    guest_rule("P", "2.3: and they come back", scene.at[0] == 7 && shared_pt_child(load, &scene) == 7);
    guest_rule("D", "2.3: a hole punched in the file makes zeroes for all",
               !fallocate(scene.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, GUEST_PAGE_BYTES)
                   && scene.at[0] == 0 && shared_pt_child(load, &scene) == 0);
    scene.page = 2;
    guest_rule("D", "2.3: beyond the end of a truncated file: SIGBUS for all",
               !ftruncate(scene.fd, 2 * GUEST_PAGE_BYTES) && shared_pt_child(load, &scene) == 128 + SIGBUS);
    close_scene(&scene);
}

/* Returns the faults of looking at the pages after registering them with a userfaultfd and protecting them. */
static int guard_and_look(void *argument) {
    const struct scene *scene = argument;
    shared_pt_look(scene->at);
    int fd = probe_register_userfault(scene->at, scene->bytes);
    struct uffdio_writeprotect request = {
        .range = {(uintptr_t) scene->at, SHARED_PT_BYTES}, .mode = UFFDIO_WRITEPROTECT_MODE_WP};
    return fd < 0 || ioctl(fd, UFFDIO_WRITEPROTECT, &request) ? 127 : (int) shared_pt_look(scene->at);
}

static int guard_and_fill_others(void *argument) {
    const struct scene *scene = argument;
    return probe_register_userfault(scene->at, scene->bytes) < 0 ? 127 : (int) shared_pt_fill(untouched(scene), 5);
}

static void try_userfault(void) {
    struct scene scene = open_scene(2);
    guest_rule("O", "2.3: a userfaultfd is given copies of the caller's entries",
               shared_pt_child(guard_and_look, &scene) == 0);
    guest_rule("O", "2.3: what it protects, the others may write", shared_pt_fill(scene.at, 8) == 0);
    guest_rule("O", "2.3: and the caller's faults are its own",
               shared_pt_child(guard_and_fill_others, &scene) == SHARED_PT_PAGES
                   && shared_pt_look(untouched(&scene)) > 0);
    close_scene(&scene);
}

void try_unsharing(void) {
    try_protection();
    try_layout();
    try_advice();
    try_userfault();
}
