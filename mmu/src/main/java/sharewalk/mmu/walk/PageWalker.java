package sharewalk.mmu.walk;

import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.RiscvPteFormat;
import sharewalk.mmu.paging.X86PteFormat;

/// A reader of page tables as hardware reads them. It returns what it found and throws nothing.
///
/// Nothing is written unless the walk succeeds; then accessed and dirty bits are set in the entries it read.
public abstract sealed class PageWalker permits RiscvWalker, X86Walker {
    private static final int ENTRY_BYTES = 8;

    private final PagingMode paging;
    private final PhysicalMemory memory;
    private final PageWalkCache cache;

    PageWalker(PagingMode paging, PhysicalMemory memory, PageWalkCache cache) {
        this.paging = paging;
        this.memory = memory;
        this.cache = cache;
    }

    /// Returns the walker of a paging mode. The cache is its own from now on.
    public static PageWalker of(PagingMode paging, PhysicalMemory memory, PageWalkCache cache) {
        return switch (paging.format()) {
            case RiscvPteFormat _ -> new RiscvWalker(paging, memory, cache);
            case X86PteFormat _ -> new X86Walker(paging, memory, cache);
        };
    }

    /// Walks from the root, past the walk cache.
    public final void walk(long rootPfn, long virtAddr, AccessType access, WalkMode mode, WalkResult into) {
        into.begin(virtAddr, paging.rootLevel());
        if (paging.isCanonical(virtAddr)) {
            descend(rootPfn << PhysicalMemory.FRAME_SHIFT | topRights(), access, mode, into);
        } else {
            into.fail(WalkFault.NON_CANONICAL);
        }
    }

    /// Walks from the lowest table that the walk cache knows, and fills the cache if the walk succeeds.
    public final void walkCached(
            long rootPfn, int asid, long virtAddr, AccessType access, WalkMode mode, WalkResult into) {
        int cachedLevel = cache.find(asid, virtAddr);
        if (cachedLevel == 0 || !paging.isCanonical(virtAddr)) {
            walk(rootPfn, virtAddr, access, mode, into);
        } else {
            into.begin(virtAddr, cachedLevel - 1);
            descend(cache.found(), access, mode, into);
        }
        if (into.isTranslated() && !mode.has(WalkMode.PURE)) {
            if (cachedLevel > 0) {
                cache.touchFound();
            }
            for (int i = 0; i < into.steps() - 1; i++) {
                long table = nextTable(into.entry(i)) | into.handedDown(i);
                cache.fill(asid, virtAddr, into.entryLevel(i), table);
            }
        }
    }

    /// Walks down from a table, its address packed with the [Rights] handed down so far, and settles `into`.
    abstract void descend(long tableAndRights, AccessType access, WalkMode mode, WalkResult into);

    /// Returns the [Rights] handed down to the root table.
    abstract int topRights();

    /// Returns the physical address of the table that a table entry points to.
    abstract long nextTable(long pte);

    /// Reads the entry for the walked address in a table of `level`; returns false, with the fault settled, if the
    /// table lies outside RAM.
    final boolean readEntry(long table, int level, WalkResult into) {
        long entryAddress = table + (long) paging.index(into.virtAddr(), level) * ENTRY_BYTES;
        if (!memory.contains(entryAddress, ENTRY_BYTES)) {
            into.fail(WalkFault.BAD_PHYSICAL);
            return false;
        }
        into.read(entryAddress, memory.read64(entryAddress));
        return true;
    }

    /// Returns whether the 4 KiB around the walked address lie in RAM, given where its page starts.
    final boolean isBacked(long leafAddress, int level, long virtAddr) {
        long offset = virtAddr & (paging.coverageBytes(level) - 1) & -PhysicalMemory.FRAME_BYTES;
        return memory.contains(leafAddress + offset, PhysicalMemory.FRAME_BYTES);
    }

    /// Writes an entry back if the walk has set bits in it.
    final void update(long entryAddress, long before, long after, WalkMode mode) {
        if (after != before && !mode.has(WalkMode.PURE)) {
            memory.write64(entryAddress, after);
        }
    }
}
