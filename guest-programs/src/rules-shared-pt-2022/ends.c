/* How mappings begin and end with processes. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "rules.h"

static int count_faults(void *argument) {
    struct scene *scene = argument;
    return (int) shared_pt_fill(scene->at, 21);
}

static int leave(void *argument) {
    struct scene *scene = argument;
    return munmap(scene->at, scene->bytes) ? 1 : 0;
}

static int just_exit(void *argument) {
    (void) argument;
    return 0;
}

/* Makes the first mapping, fills it, has a second process find it, and is gone before that one looks. */
static int be_survived(void *argument) {
    int *ends = argument;
    struct scene scene = open_scene(1);
    pid_t pid = fork();
    if (pid == 0) {
        char go;
        if (read(ends[0], &go, 1) != 1) {
            _exit(2);
        }
        int faults = (int) shared_pt_fill(scene.at, 5);
        char answer = (char) (faults == 0 && scene.at[0] == 5);
        _exit(write(ends[3], &answer, 1) != 1);
    }
    return 0;
}

void try_ends(void) {
    struct scene scene = open_scene(1);
    guest_rule("D", "2.2: a forked child shares: it faults no page in that its parent has",
               shared_pt_child(count_faults, &scene) == 0);
    guest_rule("P", "2.2: a page that one faults in is there for all", scene.at[0] == 21);
    guest_rule("P", "2.2: munmap of the exact range takes out the caller only",
               shared_pt_child(leave, &scene) == 0 && shared_pt_fill(scene.at, 22) == 0);
    guest_rule("P", "2.2: exit takes out who exits only",
               shared_pt_child(just_exit, &scene) == 0 && shared_pt_fill(scene.at, 23) == 0);
    close_scene(&scene);

    int pipes[4];
    if (pipe(pipes) || pipe(pipes + 2)) {
        guest_fail("pipe");
    }
    int made = shared_pt_child(be_survived, pipes);
    char answer = 'g';
    int heard = write(pipes[1], &answer, 1) == 1 && read(pipes[2], &answer, 1) == 1;
    guest_rule("P", "2.2: the shared tables outlive the process that made them", made == 0 && heard && answer == 1);
}
