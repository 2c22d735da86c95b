package sharewalk.experiment;

import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.PagingMode;

/// A reading of page tables that shares no code with the walkers: where an address leads and what may be done there.
///
/// An answer is the physical address of the 4 KiB page with R, W and X as 4, 2 and 1, or [#NOWHERE].
final class NaiveTables {
    static final long NOWHERE = -1;

    private final PhysicalMemory memory;
    private final boolean riscv;
    private final int levels;

    NaiveTables(PhysicalMemory memory, PagingMode mode) {
        this.memory = memory;
        riscv = mode.name().startsWith("SV");
        levels = mode.levels();
    }

    long read(long rootPfn, long virtAddr) {
        long table = rootPfn * 4096;
        int rights = 7;
        for (int level = levels - 1; level >= 0; level--) {
            long pte = memory.read64(table + 8 * (virtAddr >>> (12 + 9 * level) & 511));
            if ((pte & 1) == 0) {
                return NOWHERE;
            }
            long frame = riscv ? (pte << 10 >>> 20) * 4096 : pte & 0xF_FFFF_FFFF_F000L;
            boolean leaf = riscv ? (pte & 14) != 0 : level == 0 || (pte & 128) != 0;
            if (riscv && leaf) {
                rights = ((pte & 2) != 0 ? 4 : 0) | ((pte & 4) != 0 ? 2 : 0) | ((pte & 8) != 0 ? 1 : 0);
            } else if (!riscv) {
                rights &= 4 | ((pte & 2) != 0 ? 2 : 0) | (pte < 0 ? 0 : 1);
            }
            if (leaf) {
                return (frame & -4096L << (9 * level)) + (virtAddr & (4096L << (9 * level)) - 1 & -4096) | rights;
            }
            table = frame;
        }
        return NOWHERE;
    }
}
