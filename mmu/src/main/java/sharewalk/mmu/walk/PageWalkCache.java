package sharewalk.mmu.walk;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.cache.Lru;
import sharewalk.mmu.cache.SetAssociativeStore;
import sharewalk.mmu.paging.InvalidationScope;

/// The table entries a hart remembers, per level, so that a walk can start below the root.
///
/// An entry of level n stands for everything from the root down to a table entry of level n: it is keyed by address
/// space and the address bits that selected the entry, and gives the next table and what the levels above handed down
/// (Intel SDM 3A 4.10.3). Only successful walks fill it.
public final class PageWalkCache {
    private static final int PAGE_SHIFT = 12;
    private static final int LEVEL_BITS = 9;
    private static final int PREFIX_BITS = 45;
    private static final long PREFIX_MASK = (1L << PREFIX_BITS) - 1;

    /// By level; null where nothing is kept. Index 0 is unused.
    private final @Nullable SetAssociativeStore[] stores;

    private final long[][] tables;

    /// Whether forgetting one page forgets the whole address space's table entries (INVLPG, SDM 3A 4.10.4.1).
    private final boolean pageDropsAll;

    private int foundLevel;
    private int foundSlot;

    /// Preconditions: `levels` is the number of levels of the paging mode.
    public PageWalkCache(PageWalkCacheGeometry geometry, int levels, boolean pageDropsAll) {
        this.pageDropsAll = pageDropsAll;
        stores = new SetAssociativeStore[levels];
        tables = new long[levels][];
        for (int level = 0; level < levels; level++) {
            int entries = geometry.entries(level);
            tables[level] = new long[entries];
            stores[level] = entries == 0 ? null : new SetAssociativeStore(1, entries, new Lru(1, entries));
        }
    }

    /// Returns the level of the lowest table entry kept on the way to `virtAddr`, or 0 if there is none; [#found]
    /// then gives what it stands for. No observable change.
    int find(int asid, long virtAddr) {
        for (int level = 1; level < stores.length; level++) {
            SetAssociativeStore store = stores[level];
            if (store != null) {
                int slot = store.find(key(asid, virtAddr, level), 0);
                if (slot != SetAssociativeStore.NO_SLOT) {
                    foundLevel = level;
                    foundSlot = slot;
                    return level;
                }
            }
        }
        return 0;
    }

    /// Returns the physical address of the table that the entry found last points to, its low bits being the [Rights]
    /// handed down.
    long found() {
        return tables[foundLevel][foundSlot];
    }

    /// Records that the entry found last has been used.
    void touchFound() {
        SetAssociativeStore store = stores[foundLevel];
        if (store != null) {
            store.touch(foundSlot);
        }
    }

    /// Keeps a table entry of `level` that a successful walk has read.
    void fill(int asid, long virtAddr, int level, long tableAndRights) {
        SetAssociativeStore store = stores[level];
        if (store == null) {
            return;
        }
        long key = key(asid, virtAddr, level);
        int slot = store.find(key, 0);
        if (slot == SetAssociativeStore.NO_SLOT) {
            slot = store.insert(key, 0, SetAssociativeStore.NO_SLOT);
        }
        tables[level][slot] = tableAndRights;
    }

    /// Forgets the table entries that `scope` names.
    public void invalidate(InvalidationScope scope) {
        switch (scope) {
            case InvalidationScope.Page(int asid, long virtAddr, boolean tablesToo) ->
                invalidateRange(asid, virtAddr, virtAddr + 1, tablesToo);
            case InvalidationScope.Range(int asid, long start, long end, boolean tablesToo) ->
                invalidateRange(asid, start, end, tablesToo);
            case InvalidationScope.Asid(int asid) -> invalidateAsid(asid);
            case InvalidationScope.All() -> flush();
        }
    }

    private void invalidateRange(int asid, long start, long end, boolean tablesToo) {
        if (pageDropsAll) {
            invalidateAsid(asid);
        } else if (tablesToo) {
            invalidateOverlapping(asid, start, end);
        }
    }

    /// Forgets the table entries used for one address (a page fault on x86: SDM 3A 4.10.4.1).
    public void invalidateAddress(int asid, long virtAddr) {
        for (int level = 1; level < stores.length; level++) {
            SetAssociativeStore store = stores[level];
            if (store != null) {
                int slot = store.find(key(asid, virtAddr, level), 0);
                if (slot != SetAssociativeStore.NO_SLOT) {
                    store.invalidate(slot);
                }
            }
        }
    }

    private void invalidateOverlapping(int asid, long start, long end) {
        for (int level = 1; level < stores.length; level++) {
            invalidateKeys(stores[level], key(asid, start, level), key(asid, end - 1, level));
        }
    }

    private void invalidateAsid(int asid) {
        for (SetAssociativeStore store : stores) {
            invalidateKeys(store, (long) asid << PREFIX_BITS, ((asid + 1L) << PREFIX_BITS) - 1);
        }
    }

    private static void invalidateKeys(@Nullable SetAssociativeStore store, long first, long last) {
        if (store == null) {
            return;
        }
        for (int slot = 0; slot < store.slots(); slot++) {
            long key = store.key(slot);
            if (key >= first && key <= last) {
                store.invalidate(slot);
            }
        }
    }

    private void flush() {
        for (SetAssociativeStore store : stores) {
            if (store != null) {
                store.invalidateAll();
            }
        }
    }

    /// ASID above the address bits that select an entry of `level`. Never negative. Ascends with the address within
    /// either half of the address space.
    private static long key(int asid, long virtAddr, int level) {
        return (long) asid << PREFIX_BITS | (virtAddr >>> PAGE_SHIFT & PREFIX_MASK) >>> (LEVEL_BITS * level);
    }
}
