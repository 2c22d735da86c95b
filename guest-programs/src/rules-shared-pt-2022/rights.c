/* What the host of the tables may do, and a process that asks it may not. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "calls.h"
#include "guest.h"
#include "rules.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

static int errno_of(int result) {
    return result ? errno : 0;
}

/* A child that maps the region as its own descriptor allows, looks at it, and then gives advice for a page. */
struct adviser {
    struct scene *scene;
    int open_flags;
    int map_flags;
    int advice;
};

static int advise(void *argument) {
    const struct adviser *adviser = argument;
    const struct scene *scene = adviser->scene;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", scene->fd);
    int fd = open(path, adviser->open_flags);
    if (fd < 0 || munmap(scene->at, scene->bytes)
        || map_at(scene->at, scene->bytes, PROT_READ, adviser->map_flags | MAP_SHARED_PT_2022, fd)) {
        return 127;
    }
    shared_pt_look(scene->at);
    return errno_of(madvise(scene->at, GUEST_PAGE_BYTES, adviser->advice));
}

static int advise_locked(void *argument) {
    const struct adviser *adviser = argument;
    const struct scene *scene = adviser->scene;
    return mlock(scene->at, GUEST_PAGE_BYTES) ? 127 : errno_of(madvise(scene->at, GUEST_PAGE_BYTES, adviser->advice));
}

static void try_advice(void) {
    struct scene scene = open_scene(1);
    struct adviser reader = {&scene, O_RDONLY, MAP_SHARED, MADV_REMOVE};
    guest_rule_errno("D", "2.2: MADV_REMOVE in a file that the caller may not write: EACCES",
                     shared_pt_child(advise, &reader), EACCES);
    struct adviser copier = {&scene, O_RDWR, MAP_PRIVATE, MADV_REMOVE};
    guest_rule_errno("D", "2.2: MADV_REMOVE in a private mapping: EINVAL", shared_pt_child(advise, &copier), EINVAL);
    struct adviser locked = {.scene = &scene, .advice = MADV_REMOVE};
    guest_rule_errno("D", "2.2: MADV_REMOVE of what the caller has locked: EINVAL",
                     shared_pt_child(advise_locked, &locked), EINVAL);
    guest_rule("D", "2.2: and the file has what it had", scene.at[0] == 7);
    locked.advice = MADV_PAGEOUT;
    guest_rule_errno("D", "2.2: MADV_PAGEOUT of what the caller has locked: EINVAL",
                     shared_pt_child(advise_locked, &locked), EINVAL);
    close_scene(&scene);
}

/* Stores to a private mapping, has the pages reclaimed, and returns what it reads then. */
static int copy_and_reclaim(void *argument) {
    const struct scene *scene = argument;
    if (munmap(scene->at, scene->bytes)
        || map_at(scene->at, scene->bytes, RW, MAP_PRIVATE | MAP_SHARED_PT_2022, scene->fd)) {
        return 127;
    }
    volatile unsigned char *page = scene->at + scene->page * GUEST_PAGE_BYTES;
    *page = 11;
    return syscall(GUEST_SYS_RECLAIM, scene->at, scene->bytes) ? 127 : *page;
}

/* The same for the file alone, through another mapping of it. */
static int reclaim_elsewhere(void *argument) {
    const struct scene *scene = argument;
    volatile unsigned char *other = mmap(NULL, scene->bytes, RW, MAP_SHARED, scene->fd, 0);
    unsigned char before = other[scene->page * GUEST_PAGE_BYTES];
    return syscall(GUEST_SYS_RECLAIM, other, scene->bytes) ? 127 : before;
}

static void try_copies(void) {
    struct scene scene = open_scene(1);
    scene.page = 3 * SHARED_PT_PAGES;
    unsigned char *copy = scene.at + scene.page * GUEST_PAGE_BYTES;
    guest_rule("D", "2.2: reclaim loses no copy that a private mapping's store made",
               shared_pt_child(copy_and_reclaim, &scene) == 11 && *copy == 11);
    guest_rule("D", "2.2: nor does reclaim of the file through another mapping",
               shared_pt_child(reclaim_elsewhere, &scene) == 0 && *copy == 11);
    guest_rule("D", "2.2: and it loses nothing of the file", scene.at[0] == 7);
    guest_rule("D", "2.2: a hole punched in the file leaves the copy",
               !fallocate(scene.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, (off_t) scene.bytes) && *copy == 11
                   && scene.at[0] == 0);
    guest_rule("D", "2.2: MADV_DONTNEED takes it", !madvise(scene.at, scene.bytes, MADV_DONTNEED) && *copy == 0);
    close_scene(&scene);
}

void try_rights(void) {
    try_advice();
    try_copies();
}
