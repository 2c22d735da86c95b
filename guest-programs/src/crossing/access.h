/* Single instructions that load and store at any address, aligned or not. */
#ifndef ACCESS_H
#define ACCESS_H

#include "guest.h"

#if defined(__x86_64__)
#define LOAD(name, type, text)                                                  \
    static inline uint64_t name(const unsigned char *at) {                      \
        uint64_t value;                                                         \
        __asm__ volatile(text : "=r"(value) : "m"(*(const type *) at) : "memory"); \
        return value;                                                           \
    }
LOAD(load2, uint16_t, "movzwl %1, %k0")
LOAD(load4, uint32_t, "movl %1, %k0")
LOAD(load8, uint64_t, "movq %1, %0")
#define STORE(name, type, text)                                                        \
    static inline void name(unsigned char *at, uint64_t value) {                       \
        __asm__ volatile(text : "+m"(*(type *) at) : "r"(value) : "memory"); \
    }
STORE(store2, uint16_t, "movw %w1, %0")
STORE(store4, uint32_t, "movl %k1, %0")
STORE(store8, uint64_t, "movq %1, %0")
STORE(add4, uint32_t, "addl %k1, %0")
STORE(add8, uint64_t, "addq %1, %0")
STORE(crossing_fetch_add8, uint64_t, "lock addq %1, %0")
#else
#define LOAD(name, type, text)                                               \
    static inline uint64_t name(const unsigned char *at) {                   \
        uint64_t value;                                                      \
        __asm__ volatile(text " %0, 0(%1)" : "=r"(value) : "r"(at) : "memory"); \
        return value;                                                        \
    }
LOAD(load2, uint16_t, "lhu")
LOAD(load4, uint32_t, "lwu")
LOAD(load8, uint64_t, "ld")
#define STORE(name, type, text)                                                    \
    static inline void name(unsigned char *at, uint64_t value) {                   \
        __asm__ volatile(text " %1, 0(%0)" : : "r"(at), "r"(value) : "memory"); \
    }
STORE(store2, uint16_t, "sh")
STORE(store4, uint32_t, "sw")
STORE(store8, uint64_t, "sd")

/* RISC-V has no unaligned read-modify-write, atomic or not: a load and a store. */
static inline void add4(unsigned char *at, uint64_t value) {
    store4(at, load4(at) + value);
}

static inline void add8(unsigned char *at, uint64_t value) {
    store8(at, load8(at) + value);
}

static inline void crossing_fetch_add8(unsigned char *at, uint64_t value) {
    add8(at, value);
}
#endif

/* An aligned atomic addition. */
static inline uint64_t fetch_add8(unsigned char *at, uint64_t value) {
    return __atomic_fetch_add((uint64_t *) at, value, __ATOMIC_SEQ_CST);
}

#endif
