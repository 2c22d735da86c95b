/* Waiting in shared memory, without system calls other than sched_yield. */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/mman.h>

#include "guest.h"

void *guest_shared_memory(size_t size_bytes) {
    void *memory = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        guest_fail("shared memory");
    }
    return memory;
}

void guest_barrier_wait(struct guest_barrier *barrier, uint32_t processes) {
    uint32_t generation = __atomic_load_n(&barrier->generation, __ATOMIC_ACQUIRE);
    if (__atomic_add_fetch(&barrier->arrived, 1, __ATOMIC_ACQ_REL) == processes) {
        __atomic_store_n(&barrier->arrived, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&barrier->generation, generation + 1, __ATOMIC_RELEASE);
        return;
    }
    while (__atomic_load_n(&barrier->generation, __ATOMIC_ACQUIRE) == generation) {
        sched_yield();
    }
}

void guest_await(const uint32_t *word, uint32_t value) {
    while (__atomic_load_n(word, __ATOMIC_ACQUIRE) != value) {
        sched_yield();
    }
}
