package sharewalk.mmu.paging;

import com.google.errorprone.annotations.Immutable;

/// The entry of RISC-V's Sv39, Sv48 and Sv57 (Privileged Architecture 20250508, 12.4.1 "Addressing and Memory
/// Protection"), with Svnapot (13) and Svpbmt (14): bits 60 to 54 must be zero. Software writes bits 63 to 61 only for
/// harts that have those extensions.
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

    /// Bits 62 and 61: a [MemoryType], 3 being reserved.
    static final long MEMORY_TYPE = 3L << 61;

    /// The entry is one of 16 for 64 KiB (`N`).
    static final long NAPOT = 1L << 63;

    private static final int PFN_SHIFT = 10;
    private static final int PFN_BITS = 44;
    private static final int MEMORY_TYPE_SHIFT = 61;
    private static final long RESERVED = (1L << 61) - (1L << 54);
    private static final long RIGHTS = READ | WRITE | EXECUTE;
    private static final long NON_LEAF_RESERVED = USER | ACCESSED | DIRTY | MEMORY_TYPE | NAPOT;
    private static final MemoryType[] MEMORY_TYPES = MemoryType.values();

    /// The low bits of the frame number of a 64 KiB page, which say its size: 1000 (table "Page table entry encodings
    /// when pte.N=1").
    private static final long NAPOT_SIZE = 8;

    private static final long NAPOT_SIZE_MASK = CONTIGUOUS_PAGES - 1;

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
        return (pte & RESERVED) != 0
                || (pte & (READ | WRITE)) == WRITE
                || (pte & MEMORY_TYPE) == MEMORY_TYPE
                || ((pte & RIGHTS) == 0 && (pte & NON_LEAF_RESERVED) != 0)
                || ((pte & NAPOT) != 0 && (level > 0 || (pfn(pte) & NAPOT_SIZE_MASK) != NAPOT_SIZE));
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
        return isContiguous(pte, level) ? pfn(pte) & -CONTIGUOUS_PAGES : pfn(pte);
    }

    @Override
    public boolean isContiguous(long pte, int level) {
        return level == 0 && (pte & NAPOT) != 0;
    }

    @Override
    public MemoryType memoryType(long pte) {
        return MEMORY_TYPES[(int) ((pte & MEMORY_TYPE) >>> MEMORY_TYPE_SHIFT)];
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
    public long contiguousLeaf(long pfn, Permissions permissions) {
        return NAPOT | leaf(pfn | NAPOT_SIZE, permissions, 0);
    }

    @Override
    public long table(long pfn) {
        return pfn << PFN_SHIFT | VALID;
    }

    @Override
    public boolean guardsTables() {
        return false;
    }

    @Override
    public long guardedTable(long pfn) {
        throw new UnsupportedOperationException("a pointer to a table has no rights of its own on RISC-V");
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
