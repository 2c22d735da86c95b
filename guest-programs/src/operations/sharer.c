/* A sharer: takes orders, one at a time, and makes each in the phase it is told. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operations.h"

void sleep_while(uint32_t *word, uint32_t value) {
    while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == value) {
        if (syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0) && errno != EAGAIN && errno != EINTR) {
            guest_fail("futex");
        }
    }
}

void set_and_wake(uint32_t *word, uint32_t value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
    if (syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0) < 0) {
        guest_fail("futex");
    }
}

static void populate(uintptr_t start, size_t bytes) {
    uintptr_t first = start & -GUEST_PAGE_BYTES;
    size_t whole = start + bytes - first;
    if (mlock((void *) first, whole) || munlock((void *) first, whole)) {
        guest_fail("mlock");
    }
}

void settle_memory(struct control *control) {
    const Elf64_Phdr *header = (const Elf64_Phdr *) getauxval(AT_PHDR);
    for (unsigned long left = getauxval(AT_PHNUM); left; left--, header++) {
        if (header->p_type == PT_LOAD) {
            populate(header->p_vaddr, header->p_memsz);
        }
    }
    /* The heap as far as it is used: thread-local storage lies there, errno in it. */
    uintptr_t heap = (uintptr_t) &errno & -GUEST_PAGE_BYTES;
    populate(heap, (uintptr_t) sbrk(0) - heap);
    volatile unsigned char stack[4 * GUEST_PAGE_BYTES];
    for (size_t offset = 0; offset < sizeof stack; offset += GUEST_PAGE_BYTES) {
        stack[offset] = 1;
    }
    populate((uintptr_t) stack, sizeof stack);
    populate((uintptr_t) control, sizeof *control);
}

void stay_on_hart(uint32_t hart) {
    cpu_set_t harts;
    CPU_ZERO(&harts);
    CPU_SET(hart, &harts);
    if (sched_setaffinity(0, sizeof harts, &harts)) {
        guest_fail("sched_setaffinity");
    }
}

static void store_all(const struct scene *scene, uint32_t index) {
    for (uint32_t page = 0; page < scene->plan->pages; page++) {
        unsigned char *at = scene->region->base + page_offset(scene->plan, page);
        ((volatile uint32_t *) at)[index % (GUEST_PAGE_BYTES / 8)] = index + page;
    }
}

static void load_kept(const struct scene *scene) {
    for (uint32_t page = 0; page < scene->control->kept_pages; page++) {
        (void) *(volatile uint32_t *) (scene->region->base + page_offset(scene->plan, page));
    }
}

static void spin(struct control *control) {
    while (!__atomic_load_n(&control->stop, __ATOMIC_ACQUIRE)) {
    }
}

static int listen_and_follow(const struct scene *scene, struct slot *slot) {
    struct control *control = scene->control;
    sleep_while(&slot->message, 0);
    int result = follow(scene);
    uint32_t answers = __atomic_add_fetch(&control->answers, 1, __ATOMIC_ACQ_REL);
    if (answers == scene->plan->sharers - 1) {
        set_and_wake(&control->answers, answers);
    }
    return result;
}

/* Has the kernel store into the region: it answers EFAULT where the process itself would get a signal. */
static int probe(const struct scene *scene) {
    int zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    ssize_t got = read(zeros, scene->region->base + GUEST_PAGE_BYTES / 2, 8);
    int result = got < 0 ? errno : 0;
    close(zeros);
    return result;
}

static int obey(const struct scene *scene, struct slot *slot, uint32_t index) {
    struct control *control = scene->control;
    switch ((enum order) slot->order) {
        case ATTACH: guest_region_attach(scene->region); return 0;
        case STORE: store_all(scene, index); return 0;
        case LOAD: load_kept(scene); return 0;
        case SPIN: spin(control); return 0;
        case OPERATE: return operate(scene, index);
        case LISTEN: return listen_and_follow(scene, slot);
        case PROBE: return probe(scene);
        case RELEASE:
            set_and_wake(&control->release, 1);
            guest_wait(-1);
            return 0;
        case STORE_OWN: store_own_memory(scene->plan); return 0;
        case LOAD_OWN: load_own_memory(scene->plan); return 0;
        case DETACH: guest_region_detach(scene->region); return 0;
        case LEAVE: _exit(0);
    }
    return EINVAL;
}

_Noreturn void share(struct scene *scene, struct guest_region *regions, uint32_t index) {
    struct slot *slot = &scene->control->slots[index];
    settle_memory(scene->control);
    guest_mark("wait");
    for (uint32_t taken = 0;;) {
        sleep_while(&slot->given, taken);
        taken++;
        scene->region = &regions[scene->control->region];
        if (slot->order == SPIN || slot->order == LISTEN) {
            set_and_wake(&scene->control->ready, index);
        }
        guest_mark(scene->control->phase);
        int result = obey(scene, slot, index);
        guest_mark("wait");
        slot->result = result;
        set_and_wake(&slot->done, taken);
    }
}
