package sharewalk.mmu.walk;

import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;

/// The walk of RISC-V's Sv39 and Sv48: RISC-V Privileged, "Virtual Address Translation Process" (12.3.2), whose steps
/// are numbered here. Step 1 is [#walk]. These harts have neither Svnapot nor Svpbmt, so that their bits are reserved,
/// nor shadow stacks (step 7).
final class RiscvWalker extends PageWalker {
    private static final long VALID = 1L;
    private static final long READ = 1L << 1;
    private static final long WRITE = 1L << 2;
    private static final long EXECUTE = 1L << 3;
    private static final long USER = 1L << 4;
    private static final long GLOBAL = 1L << 5;
    private static final long ACCESSED = 1L << 6;
    private static final long DIRTY = 1L << 7;

    /// Bits 63 (Svnapot), 62 to 61 (Svpbmt) and 60 to 54 (reserved).
    private static final long RESERVED = -1L << 54;

    /// Reserved in an entry that points to a table.
    private static final long RESERVED_IN_POINTER = USER | ACCESSED | DIRTY;

    private static final int PFN_SHIFT = 10;
    private static final long PFN_MASK = (1L << 44) - 1;

    RiscvWalker(PagingMode paging, PhysicalMemory memory, PageWalkCache cache) {
        super(paging, memory, cache);
    }

    @Override
    int topRights() {
        return 0;
    }

    @Override
    long nextTable(long pte) {
        return (pte >>> PFN_SHIFT & PFN_MASK) << PhysicalMemory.FRAME_SHIFT;
    }

    @Override
    boolean mayKeep(long pte) {
        return true;
    }

    @Override
    void descend(long tableAndRights, AccessType access, WalkMode mode, WalkResult into) {
        long table = tableAndRights & ~(long) Rights.MASK;
        int global = (int) tableAndRights & Rights.GLOBAL;
        for (int level = into.entryLevel(0); level >= 0; level--) {
            // Step 2.
            if (!readEntry(table, level, into)) {
                return;
            }
            long pte = into.pte();
            // Step 3.
            if ((pte & VALID) == 0) {
                into.fail(WalkFault.NOT_PRESENT);
                return;
            }
            if ((pte & (READ | WRITE)) == WRITE || (pte & RESERVED) != 0) {
                into.fail(WalkFault.RESERVED_BIT);
                return;
            }
            // Step 4. A pointer hands its global bit down to all it points to (12.3.1).
            global |= (pte & GLOBAL) != 0 ? Rights.GLOBAL : 0;
            if ((pte & (READ | EXECUTE)) != 0) {
                leaf(level, global, access, mode, into);
                return;
            }
            if ((pte & RESERVED_IN_POINTER) != 0) {
                into.fail(WalkFault.RESERVED_BIT);
                return;
            }
            into.handDown(global);
            table = nextTable(pte);
        }
        // Step 4, i < 0.
        into.fail(WalkFault.RESERVED_BIT);
    }

    private void leaf(int level, int global, AccessType access, WalkMode mode, WalkResult into) {
        long pte = into.pte();
        // Step 5.
        if ((pte >>> PFN_SHIFT & ((1L << (9 * level)) - 1)) != 0) {
            into.fail(WalkFault.MISALIGNED_SUPERPAGE);
            return;
        }
        // Steps 6 and 8.
        int rights = global
                | ((pte & READ) != 0 ? Rights.READ : 0)
                | ((pte & WRITE) != 0 ? Rights.WRITE : 0)
                | ((pte & EXECUTE) != 0 ? Rights.EXECUTE : 0)
                | ((pte & USER) != 0 ? Rights.USER : 0);
        if (!mode.permits(rights, access)) {
            into.fail(WalkFault.PROTECTION);
            return;
        }
        if (!isBacked(nextTable(pte), level, into.virtAddr())) {
            into.fail(WalkFault.BAD_PHYSICAL);
            return;
        }
        // Step 9: Svade faults, Svadu updates.
        long updated = pte | ACCESSED | (access == AccessType.STORE ? DIRTY : 0);
        if (updated != pte && !mode.has(WalkMode.HARDWARE_UPDATE)) {
            into.fail(WalkFault.PROTECTION);
            return;
        }
        update(into.entryAddress(into.steps() - 1), pte, updated, mode);
        // Step 10.
        into.succeed(
                updated,
                nextTable(pte) | rights | ((updated & DIRTY) != 0 ? Rights.DIRTY : 0),
                PhysicalMemory.FRAME_SHIFT + 9 * level);
    }
}
