/* The naive model: one table of rights for each process, and one content. */
#include <string.h>
#include <sys/mman.h>

#include "model.h"

static const struct promises all_promises[] = {
    {"private", CALLER, CALLER, 1},
    {"hugetlb", CALLER, CALLER, 1},
    {"thp", CALLER, CALLER, 1},
    {"hugetlb-pmd", CALLER, CALLER, 1},
    {"msharefs", REFUSED, REFUSED, 0},
    {"mshare-2022", EVERYONE, EVERYONE, 0},
    {"mshare-2026", REFUSED, REFUSED, 0},
    {"container", REFUSED, REFUSED, 1},
    {"sharefs", CALLER, CALLER, 1},
    {"shared-pt-2022", EVERYONE, REFUSED, 1},
    {"shared-pt-2026", CALLER, CALLER, 1},
    {"fork-cow", CALLER, CALLER, 1},
    {"transparent", CALLER, CALLER, 1},
    {"attach", CALLER, CALLER, 1},
};

const struct promises *promises_of(const char *design) {
    for (size_t i = 0; i < sizeof all_promises / sizeof *all_promises; i++) {
        if (!strcmp(all_promises[i].design, design)) {
            return &all_promises[i];
        }
    }
    return NULL;
}

static void protect_row(uint8_t *rights, const uint8_t *mapped, size_t first, size_t end, int prot) {
    for (size_t page = first; page < end; page++) {
        rights[page] = mapped[page] ? (uint8_t) prot : 0;
    }
}

void model_protect(struct model *model, int who, size_t first, size_t end, int prot) {
    for (int process = 0; process < MOST_PROCESSES; process++) {
        if (who < 0 || who == process) {
            protect_row(model->rights[process], model->mapped[process], first, end, prot);
        }
    }
    if (who < 0) {
        protect_row(model->region_rights, model->region_mapped, first, end, prot);
    }
}

static void set_mapped(struct model *model, int who, size_t first, size_t end, int mapped) {
    for (int process = 0; process < MOST_PROCESSES; process++) {
        if (who < 0 || who == process) {
            memset(model->mapped[process] + first, mapped, end - first);
            memset(model->rights[process] + first, mapped ? PROT_READ | PROT_WRITE : 0, end - first);
        }
    }
    if (who < 0) {
        memset(model->region_mapped + first, mapped, end - first);
        memset(model->region_rights + first, mapped ? PROT_READ | PROT_WRITE : 0, end - first);
    }
}

void model_unmap(struct model *model, int who, size_t first, size_t end) {
    set_mapped(model, who, first, end, 0);
}

void model_map(struct model *model, int who, size_t first, size_t end) {
    set_mapped(model, who, first, end, 1);
}

void model_reattach(struct model *model, int who) {
    memcpy(model->rights[who], model->region_rights, MOST_PAGES);
    memcpy(model->mapped[who], model->region_mapped, MOST_PAGES);
}
