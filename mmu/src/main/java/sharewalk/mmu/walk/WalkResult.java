package sharewalk.mmu.walk;

import sharewalk.mmu.count.EntrySource;
import sharewalk.mmu.paging.MemoryType;
import sharewalk.mmu.paging.Permissions;

/// The outcome of one walk, and the entries it read. Reusable: the next walk into it overwrites everything.
public final class WalkResult {
    private static final int MOST_STEPS = 5;

    private final long[] entryAddresses = new long[MOST_STEPS];
    private final long[] entries = new long[MOST_STEPS];
    private final EntrySource[] sources = new EntrySource[MOST_STEPS];

    /// What each step's table entry handed down: rights combined so far on x86, the global bit on RISC-V.
    private final int[] inherited = new int[MOST_STEPS];

    private long virtAddr;
    private int firstLevel;
    private int steps;
    private WalkFault fault = WalkFault.NONE;
    private long pte;
    private long translation;
    private int pageShift;
    private MemoryType memoryType = MemoryType.PMA;

    void begin(long virtAddr, int firstLevel) {
        this.virtAddr = virtAddr;
        this.firstLevel = firstLevel;
        steps = 0;
        fault = WalkFault.NONE;
        pte = 0;
        translation = 0;
        pageShift = 0;
        memoryType = MemoryType.PMA;
    }

    void read(long entryAddress, long entry, EntrySource source) {
        entryAddresses[steps] = entryAddress;
        entries[steps] = entry;
        sources[steps] = source;
        steps++;
        pte = entry;
    }

    void handDown(int rights) {
        inherited[steps - 1] = rights;
    }

    void fail(WalkFault cause) {
        fault = cause;
    }

    void succeed(long updatedPte, long packed, int shift) {
        pte = updatedPte;
        translation = packed;
        pageShift = shift;
    }

    void typed(MemoryType type) {
        memoryType = type;
    }

    /// Returns the address that was walked for.
    public long virtAddr() {
        return virtAddr;
    }

    /// Returns why there is no translation, or `NONE`.
    public WalkFault fault() {
        return fault;
    }

    /// Returns whether the walk ended in a translation.
    public boolean isTranslated() {
        return fault == WalkFault.NONE;
    }

    /// Returns the number of entries that the walk went through, without those that a walk cache skipped.
    public int steps() {
        return steps;
    }

    /// Returns where step `i` found its entry. Of a walk past the caches it is memory.
    public EntrySource source(int i) {
        return sources[i];
    }

    /// Returns the number of entries that were read, from memory or the caches before it.
    public int reads() {
        int reads = 0;
        for (int i = 0; i < steps; i++) {
            reads += sources[i] == EntrySource.WALK_CACHE ? 0 : 1;
        }
        return reads;
    }

    /// Returns the level of the entry that step `i` read, counted from 0.
    public int entryLevel(int i) {
        return firstLevel - i;
    }

    /// Returns the physical address of the entry that step `i` read.
    public long entryAddress(int i) {
        return entryAddresses[i];
    }

    /// Returns the entry that step `i` read, as it was before the walk set any bit in it.
    public long entry(int i) {
        return entries[i];
    }

    int handedDown(int i) {
        return inherited[i];
    }

    /// Returns the level at which the walk ended.
    public int level() {
        return firstLevel - steps + 1;
    }

    /// Returns the number of address bits inside the page that the leaf maps: 12, 21, 30, 39 or 48 for leaves of levels
    /// 0 to 4, and 16 for one of the entries of a 64 KiB page (RISC-V Svnapot), which are of level 0.
    ///
    /// Preconditions: [#isTranslated].
    public int pageShift() {
        return pageShift;
    }

    /// Returns the memory type that the leaf asks for.
    ///
    /// Preconditions: [#isTranslated].
    public MemoryType memoryType() {
        return memoryType;
    }

    /// Returns the entry at which the walk ended, with the bits that the walk has set; 0 if none was read.
    public long pte() {
        return pte;
    }

    /// Returns the first physical address of the leaf's page or superpage, its low bits being [Rights].
    ///
    /// Preconditions: [#isTranslated].
    public long translation() {
        return translation;
    }

    /// Returns the first physical address of the leaf's page or superpage.
    public long leafAddress() {
        return translation & ~(long) Rights.MASK;
    }

    /// Returns the physical address that the walked address translates to.
    public long physAddr() {
        return leafAddress() | (virtAddr & ((1L << pageShift) - 1));
    }

    /// Returns the [Rights] of the translation.
    public int rights() {
        return (int) translation & Rights.MASK;
    }

    /// Returns the permissions of the translation. Allocates: not for hot paths.
    public Permissions permissions() {
        return new Permissions(has(Rights.READ), has(Rights.WRITE), has(Rights.EXECUTE), has(Rights.USER));
    }

    public boolean isGlobal() {
        return has(Rights.GLOBAL);
    }

    public boolean isDirty() {
        return has(Rights.DIRTY);
    }

    private boolean has(int right) {
        return (rights() & right) != 0;
    }
}
