package sharewalk.mmu.paging;

import com.google.errorprone.annotations.Immutable;

/// The entry of x86-64's 4-level and 5-level paging (Intel SDM 3A, 4.5, tables 4-14 to 4-20), for a given width of
/// physical addresses (MAXPHYADDR). Memory types (PWT, PCD, PAT) are accepted and mean nothing here; protection keys
/// are off.
@Immutable
public final class X86PteFormat implements PteFormat {
    /// The format of processors with 4 levels: MAXPHYADDR is 46 on servers of that time.
    static final X86PteFormat DEFAULT = new X86PteFormat(46);

    /// The format of processors with 5 levels, whose physical addresses have as many bits as the format allows: 52.
    static final X86PteFormat WIDE = new X86PteFormat(52);

    static final long PRESENT = 1L;
    static final long WRITE = 1L << 1;
    static final long USER = 1L << 2;
    static final long ACCESSED = 1L << 5;
    static final long DIRTY = 1L << 6;
    /// Maps a superpage; at level 0 the bit selects a memory type instead.
    static final long PAGE_SIZE = 1L << 7;

    static final long GLOBAL = 1L << 8;
    static final long NO_EXECUTE = 1L << 63;

    private static final int PFN_SHIFT = 12;
    private static final long PFN_MASK = (1L << 52) - (1L << PFN_SHIFT);
    private static final int HIGHEST_SUPERPAGE_LEVEL = 2;

    /// The mark of a held entry, valid only while `PRESENT` is clear; Linux marks `PROT_NONE` with the same bit.
    private static final long HELD = GLOBAL;

    private final int physAddrBits;
    private final long reservedPhysAddrBits;

    private X86PteFormat(int physAddrBits) {
        this.physAddrBits = physAddrBits;
        this.reservedPhysAddrBits = PFN_MASK & -(1L << physAddrBits);
    }

    /// Returns the format of a processor with physical addresses of 32 to 52 bits.
    public static X86PteFormat of(int physAddrBits) {
        if (physAddrBits < 32 || physAddrBits > 52) {
            throw new IllegalArgumentException("physical addresses of %d bits".formatted(physAddrBits));
        }
        return new X86PteFormat(physAddrBits);
    }

    /// Returns the width of physical addresses (MAXPHYADDR).
    public int physAddrBits() {
        return physAddrBits;
    }

    @Override
    public boolean isPresent(long pte) {
        return (pte & PRESENT) != 0;
    }

    @Override
    public boolean isTable(long pte, int level) {
        return (pte & PRESENT) != 0 && level > 0 && (pte & PAGE_SIZE) == 0;
    }

    @Override
    public boolean isLeaf(long pte, int level) {
        return (pte & PRESENT) != 0 && (level == 0 || (pte & PAGE_SIZE) != 0);
    }

    @Override
    public boolean isReserved(long pte, int level) {
        if ((pte & PRESENT) == 0) {
            return false;
        }
        if ((pte & reservedPhysAddrBits) != 0) {
            return true;
        }
        boolean superpage = level > 0 && (pte & PAGE_SIZE) != 0;
        // Bit 12 of a superpage's entry selects a memory type; the bits from 13 up to its size must be zero.
        return superpage && (level > HIGHEST_SUPERPAGE_LEVEL || (pte & (superpageBytes(level) - (1L << 13))) != 0);
    }

    @Override
    public boolean isMisaligned(long pte, int level) {
        return false;
    }

    @Override
    public boolean isHeld(long pte) {
        return (pte & (PRESENT | HELD)) == HELD;
    }

    @Override
    public long pfn(long pte) {
        return (pte & PFN_MASK) >>> PFN_SHIFT;
    }

    @Override
    public long leafPfn(long pte, int level) {
        return (pte & PFN_MASK & -superpageBytes(level)) >>> PFN_SHIFT;
    }

    @Override
    public boolean isContiguous(long pte, int level) {
        return false;
    }

    @Override
    public MemoryType memoryType(long pte) {
        return MemoryType.PMA;
    }

    @Override
    public boolean isReadable(long pte) {
        return (pte & PRESENT) != 0;
    }

    @Override
    public boolean isWritable(long pte) {
        return (pte & WRITE) != 0;
    }

    @Override
    public boolean isExecutable(long pte) {
        return (pte & (PRESENT | NO_EXECUTE)) == PRESENT;
    }

    @Override
    public boolean isUser(long pte) {
        return (pte & USER) != 0;
    }

    @Override
    public boolean isGlobal(long pte) {
        return (pte & (PRESENT | GLOBAL)) == (PRESENT | GLOBAL);
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
        return pfn << PFN_SHIFT | ACCESSED | (level > 0 ? PAGE_SIZE : 0) | rights(permissions);
    }

    @Override
    public long contiguousLeaf(long pfn, Permissions permissions) {
        throw new UnsupportedOperationException("x86 has no contiguous pages");
    }

    @Override
    public long table(long pfn) {
        // The rights of every level are combined; let the leaf decide. Accessed is set at once, as Linux does.
        return pfn << PFN_SHIFT | PRESENT | WRITE | USER | ACCESSED;
    }

    @Override
    public boolean guardsTables() {
        return true;
    }

    @Override
    public long guardedTable(long pfn) {
        return table(pfn) & ~WRITE;
    }

    @Override
    public long withPermissions(long pte, Permissions permissions) {
        // A held entry's mark is not a global bit: leave it behind.
        long global = isHeld(pte) ? 0 : pte & GLOBAL;
        return (pte & ~(PRESENT | WRITE | USER | GLOBAL | NO_EXECUTE)) | global | rights(permissions);
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

    private static long superpageBytes(int level) {
        return 1L << (PFN_SHIFT + 9 * level);
    }

    private static long rights(Permissions permissions) {
        if (permissions.isNone()) {
            return HELD;
        }
        return PRESENT
                | (permissions.write() ? WRITE : 0)
                | (permissions.user() ? USER : 0)
                | (permissions.execute() ? 0 : NO_EXECUTE);
    }
}
