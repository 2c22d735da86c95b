/*
 * The rules of MAP_SHARED_PT as posted in 2022 and 2023: which mappings share leaf tables, what a sharer's calls do to
 * the others, and what the posting does otherwise than it says.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "rules.h"

int map_at(unsigned char *at, size_t bytes, int prot, int flags, int fd) {
    return mmap(at, bytes, prot, flags | MAP_FIXED, fd, 0) == at ? 0 : errno;
}

void map_first(struct scene *scene) {
    if (map_at(scene->at, scene->bytes, RW, MAP_SHARED | MAP_SHARED_PT_2022, scene->fd)) {
        guest_fail("map");
    }
    shared_pt_fill(scene->at, 7);
}

struct scene open_scene(size_t blocks) {
    struct scene scene = {.at = SHARED_PT_PLACE, .bytes = blocks * SHARED_PT_BYTES};
    scene.fd = shared_pt_file(2 * scene.bytes);
    map_first(&scene);
    return scene;
}

void close_scene(struct scene *scene) {
    if (munmap(scene->at, scene->bytes)) {
        guest_fail("munmap");
    }
    close(scene->fd);
}

/* A mapping that a child makes after the first one was made and filled. */
struct later {
    struct scene *scene;
    unsigned char *at;
    size_t bytes;
    int prot;
    int flags;
};

/* Returns the minor faults of looking at a later mapping whose pages the first has filled. */
static int look_later(void *argument) {
    const struct later *later = argument;
    if (munmap(later->scene->at, later->scene->bytes)
        || map_at(later->at, later->bytes, later->prot, later->flags, later->scene->fd)) {
        return 127;
    }
    return (int) shared_pt_look(later->at);
}

static int is_shared(struct scene *scene, unsigned char *at, size_t bytes, int prot, int flags) {
    struct later later = {scene, at, bytes, prot, flags};
    return shared_pt_child(look_later, &later) == 0;
}

static void try_flags(void) {
    int fd = shared_pt_file(SHARED_PT_BYTES);
    unsigned char *at = SHARED_PT_PLACE;
    guest_rule_errno("P", "2.2: neither MAP_SHARED nor MAP_SHARED_VALIDATE: EINVAL",
                     map_at(at, SHARED_PT_BYTES, RW, MAP_SHARED_PT_2022, fd), EINVAL);
    guest_rule_errno("P", "2.2: a hint: without a file the mapping is an ordinary one",
                     map_at(at, SHARED_PT_BYTES, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_SHARED_PT_2022, -1), 0);
    guest_rule_errno("P", "2.2: MAP_SHARED_VALIDATE knows the flag",
                     map_at(at, SHARED_PT_BYTES, RW, MAP_SHARED_VALIDATE | MAP_SHARED_PT_2022, fd), 0);
    guest_rule_errno("D", "2.2: the flag test lets MAP_PRIVATE through, which has a bit of MAP_SHARED_VALIDATE",
                     map_at(at, SHARED_PT_BYTES, RW, MAP_PRIVATE | MAP_SHARED_PT_2022, fd), 0);
    munmap(at, SHARED_PT_BYTES);
    close(fd);
}

static void try_who_shares(void) {
    struct scene scene = open_scene(2);
    unsigned char *at = scene.at;
    int hinted = MAP_SHARED | MAP_SHARED_PT_2022;
    guest_rule("P", "2.2: the same file, address and length: shared", is_shared(&scene, at, scene.bytes, RW, hinted));
    guest_rule("P", "2.2: without the flag: not shared", !is_shared(&scene, at, scene.bytes, RW, MAP_SHARED));
    guest_rule("P", "2.2: another address: quietly not shared",
               !is_shared(&scene, at + 8 * scene.bytes, scene.bytes, RW, hinted));
    guest_rule("P", "2.2: another length: quietly not shared",
               !is_shared(&scene, at, scene.bytes - SHARED_PT_BYTES, RW, hinted));
    guest_rule("P", "2.2: a length that is no multiple of 2 MiB: quietly not shared",
               !is_shared(&scene, at, scene.bytes - GUEST_PAGE_BYTES, RW, hinted));
    guest_rule("P", "2.2: an address that is no multiple of 2 MiB: quietly not shared",
               !is_shared(&scene, at + GUEST_PAGE_BYTES, scene.bytes, RW, hinted));
    guest_rule("P", "2.2: the stored mode is never set, so that other rights share too",
               is_shared(&scene, at, scene.bytes, PROT_READ, hinted));
    close_scene(&scene);
    scene.fd = shared_pt_file(2 * scene.bytes);
    scene.at = SHARED_PT_PLACE + 16 * SHARED_PT_BYTES;
    map_first(&scene);
    guest_rule("P", "2.2: the last user frees the shared state: the next mapping is a first one",
               is_shared(&scene, scene.at, scene.bytes, RW, hinted));
    close_scene(&scene);
}

/* Maps the region read-only, as a later mapping, and stores to the page that is asked for. */
static int store_read_only(void *argument) {
    struct scene *scene = argument;
    if (munmap(scene->at, scene->bytes)
        || map_at(scene->at, scene->bytes, PROT_READ, MAP_SHARED | MAP_SHARED_PT_2022, scene->fd)) {
        return 127;
    }
    shared_pt_look(scene->at);
    scene->at[scene->page * GUEST_PAGE_BYTES] = 9;
    return 0;
}

/* Maps the region private, as a later mapping, and stores to a page that nobody has touched. */
static int store_private(void *argument) {
    struct scene *scene = argument;
    if (munmap(scene->at, scene->bytes)
        || map_at(scene->at, scene->bytes, RW, MAP_PRIVATE | MAP_SHARED_PT_2022, scene->fd)) {
        return 127;
    }
    scene->at[scene->page * GUEST_PAGE_BYTES] = 11;
    return 0;
}

static void try_quirks(void) {
    struct scene scene = open_scene(1);
    scene.page = 3;
    guest_rule("D", "2.2: who may only read writes to a page that another has made writable",
               shared_pt_child(store_read_only, &scene) == 0 && scene.at[3 * GUEST_PAGE_BYTES] == 9);
    scene.page = 2 * SHARED_PT_PAGES;
    guest_rule("D", "2.2: a fault is checked against the area's own rights",
               shared_pt_child(store_read_only, &scene) == 128 + SIGSEGV);
    scene.page = 3 * SHARED_PT_PAGES;
    int stored = shared_pt_child(store_private, &scene) == 0;
    unsigned char in_file = 1;
    pread(scene.fd, &in_file, 1, (off_t) (scene.page * GUEST_PAGE_BYTES));
    guest_rule("D", "2.2: the copy that a private mapping's store makes is seen by all sharers",
               stored && scene.at[scene.page * GUEST_PAGE_BYTES] == 11);
    guest_rule("D", "2.2: and is not in the file", in_file == 0);
    close_scene(&scene);
}

int main(void) {
    try_flags();
    try_who_shares();
    try_quirks();
    try_changes();
    try_ends();
    try_rights();
    return guest_rules_end();
}
