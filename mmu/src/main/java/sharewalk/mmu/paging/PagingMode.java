package sharewalk.mmu.paging;

/// A way of translating addresses: the geometry of its tables and the format of their entries.
///
/// Level 0 is the level of 4 KiB leaves, the root is level `levels() - 1`. All modes here have tables of 512 entries of
/// 8 bytes, and their user half is the lower half of the canonical addresses.
public enum PagingMode {
    /// RISC-V, 39-bit virtual addresses (Privileged Architecture 20250508, 12.4 "Sv39").
    SV39(3, RiscvPteFormat.INSTANCE),
    /// RISC-V, 48-bit virtual addresses (12.5 "Sv48").
    SV48(4, RiscvPteFormat.INSTANCE),
    /// RISC-V, 57-bit virtual addresses (12.6 "Sv57").
    SV57(5, RiscvPteFormat.INSTANCE),
    /// x86-64 with PML4, PDPT, PD and PT (Intel SDM 3A, 4.5).
    X86_64_4LEVEL(4, X86PteFormat.DEFAULT),
    /// x86-64 with a PML5 above them, `CR4.LA57` (Intel SDM 3A, 4.5).
    X86_64_5LEVEL(5, X86PteFormat.WIDE);

    /// The size of the smallest page and of a table page.
    public static final int PAGE_BYTES = 4096;

    /// The number of address bits inside the smallest page.
    public static final int PAGE_SHIFT = 12;

    private static final int INDEX_BITS = 9;

    private final int levels;
    private final PteFormat format;

    PagingMode(int levels, PteFormat format) {
        this.levels = levels;
        this.format = format;
    }

    /// Returns the number of levels of tables.
    public int levels() {
        return levels;
    }

    /// Returns the level of the root table page.
    public int rootLevel() {
        return levels - 1;
    }

    /// Returns the number of virtual-address bits that are translated.
    public int virtAddrBits() {
        return PAGE_SHIFT + INDEX_BITS * levels;
    }

    /// Returns the format of the entries.
    public PteFormat format() {
        return format;
    }

    /// Returns the size of an entry.
    public int entryBytes() {
        return 8;
    }

    /// Returns the number of entries in a table page.
    public int entriesPerTable() {
        return 1 << INDEX_BITS;
    }

    /// Returns which entry of its table page at `level` translates an address.
    public int index(long virtAddr, int level) {
        return (int) (virtAddr >>> (PAGE_SHIFT + INDEX_BITS * level)) & ((1 << INDEX_BITS) - 1);
    }

    /// Returns the number of bytes that one entry at `level` translates: 4 KiB at level 0.
    public long coverageBytes(int level) {
        return 1L << (PAGE_SHIFT + INDEX_BITS * level);
    }

    /// Returns the number of bytes that one table page of `level` translates.
    public long tableCoverageBytes(int level) {
        return coverageBytes(level + 1);
    }

    /// Returns whether the bits above the translated ones all equal the highest translated one.
    public boolean isCanonical(long virtAddr) {
        int unused = Long.SIZE - virtAddrBits();
        return virtAddr << unused >> unused == virtAddr;
    }

    /// Returns the first address above the user half.
    public long userEnd() {
        return 1L << (virtAddrBits() - 1);
    }
}
