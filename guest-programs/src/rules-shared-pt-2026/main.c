/*
 * The rules of MAP_SHARED_PT in the tree of 2026: what can be mapped so, who shares it, and which calls give the caller
 * tables of its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "rules.h"

int share_at(unsigned char *at, size_t bytes, int prot, int flags, int fd) {
    return mmap(at, bytes, prot, flags | MAP_SHARED_PT_2026, fd, 0) == MAP_FAILED ? errno : 0;
}

struct scene open_scene(size_t blocks) {
    struct scene scene = {.at = SHARED_PT_PLACE, .bytes = blocks * SHARED_PT_BYTES};
    scene.fd = shared_pt_file(scene.bytes);
    if (share_at(scene.at, scene.bytes, RW, MAP_SHARED | MAP_FIXED, scene.fd)) {
        guest_fail("map");
    }
    shared_pt_fill(scene.at, 7);
    return scene;
}

void close_scene(struct scene *scene) {
    if (munmap(scene->at, scene->bytes)) {
        guest_fail("munmap");
    }
    close(scene->fd);
}

static int fill(void *argument) {
    const struct scene *scene = argument;
    return (int) shared_pt_fill(scene->at, 21);
}

static int look(void *argument) {
    const struct scene *scene = argument;
    return (int) shared_pt_look(scene->at);
}

static int share_again(void *argument) {
    const struct scene *scene = argument;
    return share_at(scene->at, SHARED_PT_BYTES, RW, MAP_SHARED | MAP_FIXED, scene->fd);
}

/* Maps the file for the first time, in a domain of its own. */
static int fill_anew(void *argument) {
    struct scene *scene = argument;
    if (share_again(scene)) {
        return 127;
    }
    int faults = (int) shared_pt_fill(scene->at, 9);
    /* A child of its own shares with it. */
    return shared_pt_child(look, scene) == 0 ? faults : 126;
}

static int look_anew(void *argument) {
    struct scene *scene = argument;
    return share_again(scene) ? 127 : (int) shared_pt_look(scene->at);
}

static void try_unrelated(void) {
    struct scene scene = {.at = SHARED_PT_PLACE, .bytes = SHARED_PT_BYTES, .fd = shared_pt_file(SHARED_PT_BYTES)};
    guest_rule("P", "2.3: the first mapping makes a domain, which a child inherits",
               shared_pt_child(fill_anew, &scene) == SHARED_PT_PAGES);
    int faults = shared_pt_child(look_anew, &scene);
    guest_rule("P", "2.3: siblings of a parent without a domain do not share", faults > 0 && faults < 126);
    close(scene.fd);
}

static void try_refusals(void) {
    struct scene scene = {.at = SHARED_PT_PLACE, .bytes = SHARED_PT_BYTES, .fd = shared_pt_file(SHARED_PT_BYTES)};
    unsigned char *at = scene.at;
    guest_rule_errno("P", "2.3: without a file: EINVAL",
                     share_at(at, SHARED_PT_BYTES, RW, MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS, -1), EINVAL);
    guest_rule_errno("P", "2.3: PROT_WRITE without MAP_SHARED: EINVAL",
                     share_at(at, SHARED_PT_BYTES, RW, MAP_PRIVATE | MAP_FIXED, scene.fd), EINVAL);
    guest_rule_errno("P", "2.3: without MAP_FIXED: EINVAL", share_at(at, SHARED_PT_BYTES, RW, MAP_SHARED, scene.fd),
                     EINVAL);
    guest_rule_errno("P", "2.3: an address that is no multiple of 2 MiB: EINVAL",
                     share_at(at + GUEST_PAGE_BYTES, SHARED_PT_BYTES, RW, MAP_SHARED | MAP_FIXED, scene.fd), EINVAL);
    guest_rule_errno("P", "2.3: a length that is no multiple of 2 MiB: EINVAL",
                     share_at(at, SHARED_PT_BYTES + GUEST_PAGE_BYTES, RW, MAP_SHARED | MAP_FIXED, scene.fd), EINVAL);
    guest_rule_errno("P", "2.3: a file, MAP_SHARED, MAP_FIXED, aligned: mapped",
                     share_at(at, SHARED_PT_BYTES, RW, MAP_SHARED | MAP_FIXED, scene.fd), 0);
    guest_rule_errno("P", "2.3: over an address that the domain has: EINVAL", share_again(&scene), EINVAL);
    guest_rule_errno("P", "2.3: and for a child too", shared_pt_child(share_again, &scene), EINVAL);
    munmap(at, SHARED_PT_BYTES);
    guest_rule_errno("D", "2.3: once nobody in the domain has it: mapped", share_again(&scene), 0);
    close_scene(&scene);
}

static void try_read_only_private(void) {
    struct scene scene = {.at = SHARED_PT_PLACE, .bytes = SHARED_PT_BYTES, .fd = shared_pt_file(SHARED_PT_BYTES)};
    guest_rule_errno("P", "2.3: read-only MAP_PRIVATE is allowed",
                     share_at(scene.at, SHARED_PT_BYTES, PROT_READ, MAP_PRIVATE | MAP_FIXED, scene.fd), 0);
    shared_pt_look(scene.at);
    guest_rule("P", "2.3: read-only MAP_PRIVATE is shared with children", shared_pt_child(look, &scene) == 0);
    unsigned char value = 'W';
    guest_rule("P", "2.3: a read-only private mapping sees the file change",
               pwrite(scene.fd, &value, 1, 0) == 1 && scene.at[0] == 'W');
    close_scene(&scene);
}

static int populate(void *argument) {
    const struct scene *scene = argument;
    return madvise(scene->at, scene->bytes, MADV_POPULATE_READ) ? errno : 0;
}

static int touch_without_fork(void *argument) {
    const struct scene *scene = argument;
    return mmap(scene->at, GUEST_PAGE_BYTES, PROT_READ, MAP_FIXED_NOREPLACE | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                   == scene->at
               ? 0
               : 1;
}

static int be_orphaned(void *argument) {
    int *ends = argument;
    struct scene scene = open_scene(1);
    pid_t pid = fork();
    if (pid == 0) {
        char go;
        int heard = read(ends[0], &go, 1) == 1;
        char answer = (char) (heard && shared_pt_child(fill, &scene) == 0 && scene.at[0] == 21);
        _exit(write(ends[3], &answer, 1) != 1);
    }
    return 0;
}

static void try_sharing(void) {
    struct scene scene = open_scene(2);
    guest_rule("P", "2.3: a forked child shares: it faults no page in that its parent has",
               shared_pt_child(fill, &scene) == 0);
    guest_rule("P", "2.3: what a child stores is seen", scene.at[0] == 21);
    struct scene second = scene;
    second.at += SHARED_PT_BYTES;
    guest_rule("P", "2.3: a page that a child faults in is there for its parent",
               shared_pt_child(fill, &second) == SHARED_PT_PAGES && shared_pt_look(second.at) == 0);
    guest_rule("P", "2.3: exit drops references only", shared_pt_look(scene.at) == 0);
    close_scene(&scene);

    scene = open_scene(1);
    munmap(scene.at, scene.bytes);
    if (share_again(&scene)) {
        guest_fail("map again");
    }
    guest_rule("P", "2.3: MADV_POPULATE_READ by a child fills the shared tables",
               shared_pt_child(populate, &scene) == 0 && shared_pt_look(scene.at) == 0);
    guest_rule("P", "2.3: MADV_DONTFORK: a child has nothing there",
               !madvise(scene.at, scene.bytes, MADV_DONTFORK) && shared_pt_child(touch_without_fork, &scene) == 0);
    close_scene(&scene);

    int pipes[4];
    if (pipe(pipes) || pipe(pipes + 2)) {
        guest_fail("pipe");
    }
    int made = shared_pt_child(be_orphaned, pipes);
    char answer = 'g';
    int heard = write(pipes[1], &answer, 1) == 1 && read(pipes[2], &answer, 1) == 1;
    guest_rule("P", "2.3: a domain lives on without the process that made it", made == 0 && heard && answer == 1);
}

int main(void) {
    try_unrelated();
    try_refusals();
    try_read_only_private();
    try_sharing();
    try_unsharing();
    return guest_rules_end();
}
