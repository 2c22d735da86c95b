/* What a design promises of a shared region, stated apart from the design: who is reached by a change. */
#ifndef MODEL_H
#define MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "guest.h"

#define MOST_PROCESSES 6
#define MOST_PAGES 15

/* Whose view an ordinary call on a process's own mapping changes. */
enum reach {
    REFUSED, /* nobody's: the call fails */
    CALLER,
    EVERYONE,
};

struct promises {
    const char *design;
    enum reach protect; /* mprotect(2) of a part */
    enum reach unmap;   /* munmap(2) of a part */
    int keeps;          /* what was unmapped for all and mapped again has its old content */
};

/* Returns the promises of a design, NULL where none are known. */
const struct promises *promises_of(const char *design);

/* What every process must see; lies in memory that all share. */
struct model {
    uint32_t content[MOST_PAGES];
    uint8_t rights[MOST_PROCESSES][MOST_PAGES]; /* PROT_* bits, 0 also where nothing is mapped */
    uint8_t mapped[MOST_PROCESSES][MOST_PAGES];
    /* What a process finds that attaches now, where the region itself has rights. */
    uint8_t region_rights[MOST_PAGES];
    uint8_t region_mapped[MOST_PAGES];
};

/* Gives pages [first, end) rights, for one process or (who < 0) for all and the region. Unmapped pages stay so. */
void model_protect(struct model *model, int who, size_t first, size_t end, int prot);
void model_unmap(struct model *model, int who, size_t first, size_t end);
void model_map(struct model *model, int who, size_t first, size_t end);
/* The process has taken the region out and attached it again. */
void model_reattach(struct model *model, int who);

#endif
