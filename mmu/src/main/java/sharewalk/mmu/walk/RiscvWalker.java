package sharewalk.mmu.walk;

import java.util.Set;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.MemoryType;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;

/// The walk of RISC-V's Sv39, Sv48 and Sv57: RISC-V Privileged Architecture 20250508, 12.3.2 "Virtual Address
/// Translation Process", whose steps are numbered here. Step 1 is [#walk]. Svnapot (13) and Svpbmt (14) are as the hart
/// has them; there are no shadow stacks (step 7).
final class RiscvWalker extends PageWalker {
    private static final long VALID = 1L;
    private static final long READ = 1L << 1;
    private static final long WRITE = 1L << 2;
    private static final long EXECUTE = 1L << 3;
    private static final long USER = 1L << 4;
    private static final long GLOBAL = 1L << 5;
    private static final long ACCESSED = 1L << 6;
    private static final long DIRTY = 1L << 7;

    /// Bits 62 and 61 (Svpbmt).
    private static final long MEMORY_TYPE = 3L << 61;

    /// Bit 63 (Svnapot).
    private static final long NAPOT = 1L << 63;

    /// Bits 60 to 54, reserved whatever the hart has (12.4.1).
    private static final long RESERVED = (1L << 61) - (1L << 54);

    /// Reserved in an entry that points to a table (12.3.1, Svpbmt 14, Svnapot's table for i >= 1).
    private static final long RESERVED_IN_POINTER = USER | ACCESSED | DIRTY | MEMORY_TYPE | NAPOT;

    private static final int NAPOT_SHIFT = 16;
    private static final MemoryType[] MEMORY_TYPES = MemoryType.values();

    private static final int PFN_SHIFT = 10;
    private static final long PFN_MASK = (1L << 44) - 1;

    private final long reserved;

    RiscvWalker(PagingMode paging, PhysicalMemory memory, PageWalkCache cache, Set<PagingFeature> features) {
        super(paging, memory, cache);
        reserved = RESERVED
                | (features.contains(PagingFeature.NAPOT) ? 0 : NAPOT)
                | (features.contains(PagingFeature.MEMORY_TYPES) ? 0 : MEMORY_TYPE);
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
            if (isReserved(pte, level)) {
                into.fail(WalkFault.RESERVED_BIT);
                return;
            }
            // Step 4. A pointer hands its global bit down to all it points to (12.3.1).
            global |= (pte & GLOBAL) != 0 ? Rights.GLOBAL : 0;
            if ((pte & (READ | EXECUTE)) != 0) {
                leaf(level, global, access, mode, into);
                return;
            }
            into.handDown(global);
            table = nextTable(pte);
        }
        // Step 4, i < 0.
        into.fail(WalkFault.RESERVED_BIT);
    }

    /// Step 3, except V.
    private boolean isReserved(long pte, int level) {
        if ((pte & (READ | WRITE)) == WRITE || (pte & reserved) != 0) {
            return true;
        }
        if ((pte & (READ | EXECUTE)) == 0) {
            return (pte & RESERVED_IN_POINTER) != 0;
        }
        // 14: type 3. 13: only 64 KiB at level 0, whose frame number ends in 1000.
        return (pte & MEMORY_TYPE) == MEMORY_TYPE
                || ((pte & NAPOT) != 0 && (level > 0 || (pte >>> PFN_SHIFT & 0xF) != 0x8));
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
        // Step 9: Svade faults, Svadu updates.
        long updated = pte | ACCESSED | (access == AccessType.STORE ? DIRTY : 0);
        if (updated != pte && !mode.has(WalkMode.HARDWARE_UPDATE)) {
            into.fail(WalkFault.PROTECTION);
            return;
        }
        // The access itself would fault next; nothing has been written so far.
        int shift = (pte & NAPOT) != 0 ? NAPOT_SHIFT : PhysicalMemory.FRAME_SHIFT + 9 * level;
        long leafAddress = nextTable(pte) & -(1L << shift);
        if (!isBacked(leafAddress, shift, into.virtAddr())) {
            into.fail(WalkFault.BAD_PHYSICAL);
            return;
        }
        update(into.entryAddress(into.steps() - 1), pte, updated, mode);
        // Step 10; of a 64 KiB page, the low bits of the frame number are those of the address (13).
        into.typed(MEMORY_TYPES[(int) ((pte & MEMORY_TYPE) >>> 61)]);
        into.succeed(updated, leafAddress | rights | ((updated & DIRTY) != 0 ? Rights.DIRTY : 0), shift);
    }
}
