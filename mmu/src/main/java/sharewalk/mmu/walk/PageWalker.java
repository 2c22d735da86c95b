package sharewalk.mmu.walk;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.cache.SetAssociativeStore;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.EntrySource;
import sharewalk.mmu.count.WalkBreakdown;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.RiscvPteFormat;
import sharewalk.mmu.paging.X86PteFormat;

/// A reader of page tables as hardware reads them. It returns what it found and throws nothing.
///
/// Nothing is written unless the walk succeeds; then accessed and dirty bits are set in the entries it read.
public abstract sealed class PageWalker permits RiscvWalker, X86Walker {
    private static final int ENTRY_BYTES = 8;
    private static final WalkMode LOOKING_MODE = WalkMode.USER_MODE.with(WalkMode.PURE);

    private final PagingMode paging;
    private final PhysicalMemory memory;
    private final PageWalkCache cache;
    private final @Nullable TableEntryCache entryCache;
    private final WalkBreakdown breakdown = new WalkBreakdown();
    private PteCache pteCache = PteCaches.of(PteCacheGeometry.NONE, 1, 0).ofHart(0);
    private Reading reading = Reading.PAST_CACHES;

    /// How the walk under way reads entries.
    private enum Reading {
        PAST_CACHES,
        /// As the next would be, without leaving a trace.
        LOOKING,
        THROUGH_CACHES
    }

    PageWalker(PagingMode paging, PhysicalMemory memory, PageWalkCache cache) {
        this.paging = paging;
        this.memory = memory;
        this.cache = cache;
        this.entryCache = cache.entries();
    }

    /// Returns the walker of a paging mode on a hart with the given features. The cache is its own from now on.
    /// [PagingFeature#HARDWARE_UPDATE] is not looked at: it can be switched off, and is part of the [WalkMode].
    public static PageWalker of(
            PagingMode paging, PhysicalMemory memory, PageWalkCache cache, Set<PagingFeature> features) {
        return switch (paging.format()) {
            case RiscvPteFormat _ -> new RiscvWalker(paging, memory, cache, features);
            case X86PteFormat format -> new X86Walker(paging, memory, cache, format, features);
        };
    }

    /// Sets the data caches that counted walks read entries through, none until then.
    public final void readThrough(PteCache caches) {
        pteCache = caches;
        // On RISC-V only sfence.vma makes a walk cache forget. What keeps AMD's right with PCIDs is not published.
        if (paging.format() instanceof X86PteFormat) {
            caches.snoop(entryCache);
        }
    }

    /// Walks from the root, past every cache.
    public final void walk(long rootPfn, long virtAddr, AccessType access, WalkMode mode, WalkResult into) {
        reading = Reading.PAST_CACHES;
        fromRoot(rootPfn, virtAddr, access, mode, into);
    }

    private void fromRoot(long rootPfn, long virtAddr, AccessType access, WalkMode mode, WalkResult into) {
        into.begin(virtAddr, paging.rootLevel());
        if (paging.isCanonical(virtAddr)) {
            descend(rootPfn << PhysicalMemory.FRAME_SHIFT | topRights(), access, mode, into);
        } else {
            into.fail(WalkFault.NON_CANONICAL);
        }
    }

    /// Walks with what the walk cache knows, reads the rest through the data caches, and fills both. Partial
    /// translations are filled if the walk succeeds.
    public final void walkCached(
            long rootPfn, int asid, long virtAddr, AccessType access, WalkMode mode, WalkResult into) {
        boolean keeps = !mode.has(WalkMode.PURE) || mode.has(WalkMode.KEEPING);
        reading = keeps ? Reading.THROUGH_CACHES : Reading.LOOKING;
        int cachedLevel = cache.find(asid, virtAddr);
        if (cachedLevel == 0 || !paging.isCanonical(virtAddr)) {
            fromRoot(rootPfn, virtAddr, access, mode, into);
        } else {
            into.begin(virtAddr, cachedLevel - 1);
            descend(cache.found(), access, mode, into);
        }
        if (into.isTranslated() && keeps && entryCache == null) {
            if (cachedLevel > 0) {
                cache.touchFound();
            }
            for (int i = 0; i < into.steps() - 1; i++) {
                long table = nextTable(into.entry(i)) | into.handedDown(i);
                cache.fill(asid, virtAddr, into.entryLevel(i), table);
            }
        }
    }

    /// Returns whether the tables below a root have an entry of `level` on the way to `virtAddr` that leads to this
    /// table with these [Rights]. Changes nothing but `scratch`.
    public final boolean leadsTo(long rootPfn, long virtAddr, int level, long tableAndRights, WalkResult scratch) {
        walk(rootPfn, virtAddr, AccessType.LOAD, LOOKING_MODE, scratch);
        int step = paging.rootLevel() - level;
        return step + 1 < scratch.steps()
                && (nextTable(scratch.entry(step)) | scratch.handedDown(step)) == tableAndRights;
    }

    /// Counts the entries that a walk needed, by where it found them, and charges those that it read.
    public final void charge(WalkResult walk, Counters charged) {
        for (int level = paging.rootLevel(); level > walk.entryLevel(0); level--) {
            breakdown.record(level, EntrySource.WALK_CACHE);
        }
        for (int i = 0; i < walk.steps(); i++) {
            breakdown.record(walk.entryLevel(i), walk.source(i));
            switch (walk.source(i)) {
                case WALK_CACHE -> {}
                case L1 -> charged.record(Counter.PTE_FOUND_L1);
                case L2 -> charged.record(Counter.PTE_FOUND_L2);
                case L3 -> charged.record(Counter.PTE_FOUND_L3);
                case MEMORY -> charged.record(Counter.PTE_FOUND_MEMORY);
            }
        }
        charged.record(Counter.WALK_STEP, walk.reads());
    }

    /// Returns the totals of [#charge], which go on growing.
    public final WalkBreakdown breakdown() {
        return breakdown;
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
        switch (reading) {
            case PAST_CACHES -> into.read(entryAddress, memory.read64(entryAddress), EntrySource.MEMORY);
            case LOOKING -> look(entryAddress, level, into);
            case THROUGH_CACHES -> fetch(entryAddress, level, into);
        }
        return true;
    }

    private void look(long entryAddress, int level, WalkResult into) {
        if (entryCache != null && level > 0) {
            int slot = entryCache.find(entryAddress);
            if (slot != SetAssociativeStore.NO_SLOT) {
                into.read(entryAddress, entryCache.entry(slot), EntrySource.WALK_CACHE);
                return;
            }
        }
        into.read(entryAddress, memory.read64(entryAddress), EntrySource.MEMORY);
    }

    private void fetch(long entryAddress, int level, WalkResult into) {
        if (entryCache == null) {
            into.read(entryAddress, memory.read64(entryAddress), pteCache.fetch(entryAddress));
            return;
        }
        keepLast(entryCache, into);
        int slot = level > 0 ? entryCache.find(entryAddress) : SetAssociativeStore.NO_SLOT;
        if (slot != SetAssociativeStore.NO_SLOT) {
            entryCache.touch(slot);
            into.read(entryAddress, entryCache.entry(slot), EntrySource.WALK_CACHE);
        } else {
            into.read(entryAddress, memory.read64(entryAddress), pteCache.fetch(entryAddress));
        }
    }

    /// Keeps the entry read before this one, which has turned out to lead to a table.
    private void keepLast(TableEntryCache entryCache, WalkResult into) {
        int last = into.steps() - 1;
        if (last >= 0 && into.source(last) != EntrySource.WALK_CACHE && mayKeep(into.entry(last))) {
            entryCache.fill(into.entryAddress(last), into.entry(last));
        }
    }

    /// Returns whether a walk cache may keep a copy of an entry that leads to a table.
    abstract boolean mayKeep(long pte);

    /// Returns whether the 4 KiB around the walked address lie in RAM, given where its page of `1 << shift` bytes
    /// starts.
    final boolean isBacked(long leafAddress, int shift, long virtAddr) {
        long offset = virtAddr & ((1L << shift) - 1) & -PhysicalMemory.FRAME_BYTES;
        return memory.contains(leafAddress + offset, PhysicalMemory.FRAME_BYTES);
    }

    /// Writes an entry back if the walk has set bits in it.
    final void update(long entryAddress, long before, long after, WalkMode mode) {
        if (after != before && !mode.has(WalkMode.PURE)) {
            memory.write64(entryAddress, after);
            pteCache.store(entryAddress);
        }
    }
}
