package sharewalk.mmu.paging;

import com.google.errorprone.annotations.Immutable;

/// The entry of RISC-V's Sv39 and Sv48 (Privileged Architecture, "Sv39: Addressing and Memory Protection"), without
/// Svnapot and Svpbmt: bits 63 to 54 must be zero.
@Immutable
public final class RiscvPteFormat implements PteFormat {
    static final RiscvPteFormat INSTANCE = new RiscvPteFormat();

    static final long VALID = 1L;
    static final long READ = 1L << 1;
    static final long WRITE = 1L << 2;
    static final long EXECUTE = 1L << 3;
    static final long USER = 1L << 4;
    static final long GLOBAL = 1L << 5;
    static final long ACCESSED = 1L << 6;
    static final long DIRTY = 1L << 7;

    private static final int PFN_SHIFT = 10;
    private static final int PFN_BITS = 44;
    private static final int HIGH_SHIFT = 54;
    private static final long RIGHTS = READ | WRITE | EXECUTE;
    private static final long NON_LEAF_RESERVED = USER | ACCESSED | DIRTY;

    /// The mark of a held entry, valid only while `VALID` is clear; Linux marks `PROT_NONE` with the same bit.
    private static final long HELD = GLOBAL;

    private RiscvPteFormat() {}

    @Override
    public boolean isPresent(long pte) {
        return (pte & VALID) != 0;
    }

    @Override
    public boolean isTable(long pte, int level) {
        return (pte & (VALID | RIGHTS)) == VALID;
    }

    @Override
    public boolean isLeaf(long pte, int level) {
        return (pte & VALID) != 0 && (pte & (READ | EXECUTE)) != 0;
    }

    @Override
    public boolean isReserved(long pte, int level) {
        if ((pte & VALID) == 0) {
            return false;
        }
        return pte >>> HIGH_SHIFT != 0
                || (pte & (READ | WRITE)) == WRITE
                || ((pte & RIGHTS) == 0 && (pte & NON_LEAF_RESERVED) != 0);
    }

    @Override
    public boolean isMisaligned(long pte, int level) {
        return isLeaf(pte, level) && (pfn(pte) & ((1L << (9 * level)) - 1)) != 0;
    }

    @Override
    public boolean isHeld(long pte) {
        return (pte & (VALID | HELD)) == HELD;
    }

    @Override
    public long pfn(long pte) {
        return pte >>> PFN_SHIFT & ((1L << PFN_BITS) - 1);
    }

    @Override
    public long leafPfn(long pte, int level) {
        return pfn(pte);
    }

    @Override
    public boolean isReadable(long pte) {
        return (pte & READ) != 0;
    }

    @Override
    public boolean isWritable(long pte) {
        return (pte & WRITE) != 0;
    }

    @Override
    public boolean isExecutable(long pte) {
        return (pte & EXECUTE) != 0;
    }

    @Override
    public boolean isUser(long pte) {
        return (pte & USER) != 0;
    }

    @Override
    public boolean isGlobal(long pte) {
        return (pte & (VALID | GLOBAL)) == (VALID | GLOBAL);
    }

    @Override
    public boolean isAccessed(long pte) {
        return (pte & ACCESSED) != 0;
    }

    @Override
    public boolean isDirty(long pte) {
        return (pte & DIRTY) != 0;
    }

    @Override
    public long leaf(long pfn, Permissions permissions, int level) {
        return pfn << PFN_SHIFT | ACCESSED | rights(permissions);
    }

    @Override
    public long table(long pfn) {
        return pfn << PFN_SHIFT | VALID;
    }

    @Override
    public long withPermissions(long pte, Permissions permissions) {
        // A held entry's mark is not a global bit: leave it behind.
        long global = isHeld(pte) ? 0 : pte & GLOBAL;
        return (pte & ~(VALID | RIGHTS | USER | GLOBAL)) | global | rights(permissions);
    }

    @Override
    public long withAccessed(long pte) {
        return pte | ACCESSED;
    }

    @Override
    public long withoutAccessed(long pte) {
        return pte & ~ACCESSED;
    }

    @Override
    public long withDirty(long pte) {
        return pte | DIRTY;
    }

    @Override
    public long withoutDirty(long pte) {
        return pte & ~DIRTY;
    }

    @Override
    public long withGlobal(long pte) {
        return pte | GLOBAL;
    }

    private static long rights(Permissions permissions) {
        if (permissions.isNone()) {
            return HELD;
        }
        // Write without read is reserved.
        return VALID
                | (permissions.read() || permissions.write() ? READ : 0)
                | (permissions.write() ? WRITE : 0)
                | (permissions.execute() ? EXECUTE : 0)
                | (permissions.user() ? USER : 0);
    }
}
