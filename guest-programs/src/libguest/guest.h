/*
 * libguest: what the guest programs share. The same binary runs under Sharewalk and, where no sharing design of
 * Sharewalk's is asked for, on a real Linux kernel.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stddef.h>
#include <stdint.h>

#define GUEST_PAGE_BYTES 4096ul

/*
 * The system call by which the calling process begins a phase. Argument 0: the address of the phase's name, a
 * NUL-terminated string. Result: 0; a real kernel answers ENOSYS, which is ignored.
 */
#define GUEST_MARK_SYSCALL 0x53570001l

/* Begins the phase `name` of the calling process. Leaves errno alone. */
void guest_mark(const char *name);

/* Prints "PROGRAM: what: reason of errno" on stderr and exits with status 1. */
_Noreturn void guest_fail(const char *what);

/* Prints "PROGRAM: message" on stderr and exits with `status`. */
_Noreturn void guest_refuse(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Returns the decimal number in `text` if it is within [least, most]; refuses with status 2 otherwise. */
uint64_t guest_number(const char *what, const char *text, uint64_t least, uint64_t most);

/* Returns the minor faults of the calling process so far. */
long guest_minor_faults(void);

/* Waits for `pid` (any child if -1) and returns its wait status. */
int guest_wait(int pid);

/* Prints "what: ok", or "what: FAILED" and remembers it. */
void guest_check(const char *what, int holds);

/* Prints "what: NAME" of the errno value (or "success" for 0), and whether it is the one expected. */
void guest_check_errno(const char *what, int result, int expected);

/* Returns the exit status that the checks so far deserve. */
int guest_checks_status(void);

/*
 * Prints the TAP line "ok N - [TAG] rule" or "not ok ...", and remembers it. `tag` says how well the rule is known, as
 * the sources of a design are tagged: "P" stated by the patch, "T" said in a thread, "D" derived by reading, "U" not
 * confirmed, "O" our own decision.
 */
void guest_rule(const char *tag, const char *rule, int holds);

/* The same of a call that should have answered an errno value (0 for success). */
void guest_rule_errno(const char *tag, const char *rule, int result, int expected);

/* Prints a rule that cannot be tried here, and why. */
void guest_rule_skipped(const char *tag, const char *rule, const char *why);

/* Prints how many rules there were; returns the exit status that they deserve. */
int guest_rules_end(void);

/* Makes sure that `pages` pages of 2 MiB are free in the machine's pool, enlarging it under Sharewalk; returns whether. */
int guest_huge_pages(unsigned long pages);

/* Returns fresh private memory of small pages only, zeroed, not yet touched. */
unsigned char *guest_fresh_memory(size_t size_bytes);

struct guest_design;

/*
 * Memory shared by processes under the design named by SHAREWALK_DESIGN ("private" where unset). One process creates
 * it; every process that wants it attaches it, after fork. It lies at the same address in every process and under
 * every design. Its creator must outlive its users: some designs tie the memory to it.
 */
struct guest_region {
    const struct guest_design *design;
    const char *name;
    unsigned char *base;  /* where it is attached */
    size_t size_bytes;    /* usable bytes, whole pages */
    size_t window_bytes;  /* bytes of address space it takes */
    size_t page_bytes;    /* of the pages it is made of: what can be mapped and unmapped alone */
    int fd;
    int object_fd;        /* of a design that keeps the memory behind a second descriptor */
};

/* Creates the region `name` of at least `size_bytes`. An unknown design: message and exit status 2. */
void guest_region_create(struct guest_region *region, const char *name, size_t size_bytes);

/* Makes the region visible to the calling process, readable and writable. */
void guest_region_attach(struct guest_region *region);

/* Takes the region out of the calling process. */
void guest_region_detach(struct guest_region *region);

/* Gives up name and descriptor of the region; for its creator, at the end. */
void guest_region_destroy(struct guest_region *region);

/*
 * Changes of a part of a region, in whole pages. Results are 0 or an errno value. The first three are one call that
 * changes it for all who have the region attached: ENOSYS where the design has no such call. The other three are
 * ordinary calls of the calling process on its own mapping, which a design may refuse.
 */
int guest_region_protect_for_all(struct guest_region *region, size_t offset, size_t bytes, int prot);
int guest_region_map_for_all(struct guest_region *region, size_t offset, size_t bytes);
int guest_region_unmap_for_all(struct guest_region *region, size_t offset, size_t bytes);
int guest_region_protect(struct guest_region *region, size_t offset, size_t bytes, int prot);
int guest_region_map(struct guest_region *region, size_t offset, size_t bytes);
int guest_region_unmap(struct guest_region *region, size_t offset, size_t bytes);

/* Pages of a file from `offset` on, and the rights that a mapping of them is to have. */
struct guest_file_part {
    int fd;
    size_t offset;
    int prot;
};

/* Shows pages of a file in a part of the region: by one call for all who have it attached, or in the caller alone. */
int guest_region_map_file_for_all(struct guest_region *region, size_t offset, size_t bytes,
                                  const struct guest_file_part *file);
int guest_region_map_file(struct guest_region *region, size_t offset, size_t bytes,
                          const struct guest_file_part *file);
int guest_region_can_map_file_for_all(const struct guest_region *region);

/* Returns whether the design has such calls for all (mapping and unmapping both). */
int guest_region_can_protect_for_all(const struct guest_region *region);
int guest_region_can_map_for_all(const struct guest_region *region);

/* Returns the name of the design in force. */
const char *guest_design_name(void);

/* Returns zeroed memory that children inherit and share: for barriers and results, apart from any region. */
void *guest_shared_memory(size_t size_bytes);

/* A barrier in memory shared by its processes. Zeroed memory is a barrier nobody waits at. */
struct guest_barrier {
    uint32_t arrived;
    uint32_t generation;
};

/* Returns once `processes` processes wait at the barrier; yields the processor meanwhile. */
void guest_barrier_wait(struct guest_barrier *barrier, uint32_t processes);

/* Yields the processor until the word is `value`. */
void guest_await(const uint32_t *word, uint32_t value);

/* Returns 64 well mixed bits of `value` (one to one). */
static inline uint64_t guest_mix(uint64_t value) {
    value += 0x9e3779b97f4a7c15u;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
}

/* Returns a number in [0, bound) made of the low 32 bits of `bits`. */
static inline uint32_t guest_below(uint64_t bits, uint32_t bound) {
    return (uint32_t) (((bits & 0xffffffffu) * bound) >> 32);
}

/* A xorshift generator; its state is never 0. */
struct guest_random {
    uint64_t state;
};

static inline struct guest_random guest_random_of(uint64_t seed) {
    uint64_t state = guest_mix(seed);
    return (struct guest_random){state ? state : 1};
}

static inline uint64_t guest_random_next(struct guest_random *random) {
    uint64_t x = random->state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    random->state = x;
    return x;
}

/* A Zipf distribution (exponent 1) over [0, ranks), in integers: the same on every machine. */
struct guest_zipf {
    uint32_t ranks;
    uint64_t *cumulative; /* cumulative[k]: weight of ranks 0..k */
};

void guest_zipf_init(struct guest_zipf *zipf, uint32_t ranks);

/* Returns the rank that 64 random bits stand for; rank 0 is the likeliest. */
uint32_t guest_zipf_rank(const struct guest_zipf *zipf, uint64_t bits);

/* Returns the checksum that follows `sum` when `value` is appended; begin with 0. */
static inline uint64_t guest_checksum(uint64_t sum, uint64_t value) {
    return guest_mix(sum ^ value) + value;
}

#endif
