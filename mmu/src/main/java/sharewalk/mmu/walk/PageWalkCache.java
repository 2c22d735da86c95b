package sharewalk.mmu.walk;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.cache.SetAssociativeStore;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.X86PteFormat;

/// The table entries a hart remembers, so that a walk need not read every level. One of two kinds, as its
/// [PageWalkCacheGeometry] says.
///
/// *Partial translations*, per level: an entry of level n stands for everything from the root down to a table entry of
/// level n. It is keyed by address space and the address bits that selected the entry, and gives the next table and
/// what the levels above handed down (Intel SDM 3A 4.10.3). Only successful walks fill it.
///
/// *Table entries* ([#entries]): a copy of each entry that leads to a table, keyed by where it lies, kept as it is
/// read.
public final class PageWalkCache {
    private static final int PAGE_SHIFT = 12;
    private static final int LEVEL_BITS = 9;
    private static final int PREFIX_BITS = 45;
    private static final long PREFIX_MASK = (1L << PREFIX_BITS) - 1;

    /// By level; null where nothing is kept. Index 0 is unused.
    private final @Nullable SetAssociativeStore[] stores;

    private final long[][] tables;

    private final @Nullable TableEntryCache entries;

    /// Whether forgetting a page always forgets table entries too (x86), not only when asked to (RISC-V).
    private final boolean pageDropsTables;

    /// Whether these are then all of the address space's: INVLPG (SDM 3A 4.10.4.1), and AMD's without EFER.TCE.
    private final boolean pageDropsAll;

    private WalkCacheTags tags = WalkCacheTags.OF_ADDRESS_SPACE;

    /// Who keeps entries from being forgotten, while [#invalidateUnless] runs.
    private @Nullable TableJudge judge;

    private int foundLevel;
    private int foundSlot;

    public PageWalkCache(WalkerProfile walker, PagingMode paging, HartSeed seed) {
        pageDropsTables = paging.format() instanceof X86PteFormat;
        pageDropsAll = pageDropsTables && !walker.has(PagingFeature.NARROW_TABLE_INVALIDATION);
        stores = new SetAssociativeStore[paging.levels()];
        tables = new long[paging.levels()][];
        switch (walker.walkCache()) {
            case PageWalkCacheGeometry.Translations translations -> {
                entries = null;
                for (int level = 1; level < stores.length; level++) {
                    WalkCacheArray array = translations.array(level);
                    tables[level] = new long[array.entries()];
                    stores[level] = array.entries() == 0 ? null : array.store(seed.of("walk" + level));
                }
            }
            case PageWalkCacheGeometry.Entries(WalkCacheArray array) ->
                entries = new TableEntryCache(array, seed.of("walk"));
        }
    }

    /// Sets the ids that partial translations are found under and filled from now on. Table entries have none.
    public void tagBy(WalkCacheTags newTags) {
        tags = newTags;
    }

    /// A visitor of partial translations.
    @FunctionalInterface
    interface PartialVisitor {
        /// Receives what stands for the entry of `level` that translates from `virtAddr` on, as [#found] gives it.
        void visit(int asid, long virtAddr, int level, long tableAndRights);
    }

    /// Shows every partial translation, by level and slot.
    void forEachPartial(PartialVisitor visitor) {
        int unused = Long.SIZE - PAGE_SHIFT - PREFIX_BITS;
        for (int level = 1; level < stores.length; level++) {
            SetAssociativeStore store = stores[level];
            for (int slot = 0; store != null && slot < store.slots(); slot++) {
                long key = store.key(slot);
                if (key != SetAssociativeStore.NO_KEY) {
                    long vpn = (key & PREFIX_MASK) << (LEVEL_BITS * level);
                    long virtAddr = vpn << (PAGE_SHIFT + unused) >> unused;
                    visitor.visit((int) (key >>> PREFIX_BITS), virtAddr, level, tables[level][slot]);
                }
            }
        }
    }

    /// Returns the cache of table entries, or null where partial translations are kept.
    @Nullable
    TableEntryCache entries() {
        return entries;
    }

    /// Returns the level of the lowest table entry kept on the way to `virtAddr`, or 0 if there is none; [#found]
    /// then gives what it stands for. No observable change.
    int find(int asid, long virtAddr) {
        for (int level = 1; level < stores.length; level++) {
            SetAssociativeStore store = stores[level];
            if (store != null) {
                long key = key(idOf(asid, virtAddr, level), virtAddr, level);
                int slot = store.find(key, store.setOf(key & PREFIX_MASK));
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
        long key = key(idOf(asid, virtAddr, level), virtAddr, level);
        int set = store.setOf(key & PREFIX_MASK);
        int slot = store.find(key, set);
        if (slot == SetAssociativeStore.NO_SLOT) {
            slot = store.insert(key, set, SetAssociativeStore.NO_SLOT);
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

    /// Forgets of the table entries that `scope` names those that are not what the tables say.
    public void invalidateUnless(TableJudge saysSo, InvalidationScope scope) {
        judge = saysSo;
        invalidate(scope);
        judge = null;
    }

    private void invalidateRange(int asid, long start, long end, boolean tablesToo) {
        if (!pageDropsTables && !tablesToo) {
            return;
        }
        if (entries != null) {
            // An entry does not tell which addresses lead to it. So Rocket's forgets all (PTW.scala) at every
            // sfence.vma without an address, which is what forgetting tables takes.
            entries.flush(judge);
        } else if (pageDropsAll) {
            invalidateAsid(asid);
        } else {
            invalidateOverlapping(asid, start, end);
        }
    }

    /// Forgets the partial translations used for one address (a page fault on x86: SDM 3A 4.10.4.1).
    public void invalidateAddress(int asid, long virtAddr) {
        for (int level = 1; level < stores.length; level++) {
            SetAssociativeStore store = stores[level];
            if (store != null) {
                long key = key(idOf(asid, virtAddr, level), virtAddr, level);
                int slot = store.find(key, store.setOf(key & PREFIX_MASK));
                if (slot != SetAssociativeStore.NO_SLOT) {
                    store.invalidate(slot);
                }
            }
        }
    }

    private void invalidateOverlapping(int asid, long start, long end) {
        for (int level = 1; level < stores.length; level++) {
            invalidateKeys(level, key(asid, start, level), key(asid, end - 1, level));
        }
    }

    private void invalidateAsid(int asid) {
        if (entries != null) {
            entries.flush(judge);
        }
        for (int level = 1; level < stores.length; level++) {
            invalidateKeys(level, (long) asid << PREFIX_BITS, ((asid + 1L) << PREFIX_BITS) - 1);
        }
    }

    private void invalidateKeys(int level, long first, long last) {
        SetAssociativeStore store = stores[level];
        if (store == null) {
            return;
        }
        for (int slot = 0; slot < store.slots(); slot++) {
            long key = store.key(slot);
            if (key >= first && key <= last && !isKept(level, slot, key)) {
                store.invalidate(slot);
            }
        }
    }

    private boolean isKept(int level, int slot, long key) {
        if (judge == null) {
            return false;
        }
        int unused = Long.SIZE - PREFIX_BITS - PAGE_SHIFT;
        long virtAddr = (key & PREFIX_MASK) << (LEVEL_BITS * level + PAGE_SHIFT + unused) >> unused;
        return judge.leadsTo((int) (key >>> PREFIX_BITS), virtAddr, level, tables[level][slot]);
    }

    private void flush() {
        if (judge != null) {
            for (int level = 1; level < stores.length; level++) {
                invalidateKeys(level, 0, Long.MAX_VALUE);
            }
            if (entries != null) {
                entries.flush(judge);
            }
            return;
        }
        if (entries != null) {
            entries.flush(judge);
        }
        for (SetAssociativeStore store : stores) {
            if (store != null) {
                store.invalidateAll();
            }
        }
    }

    /// Returns the id that a partial translation of `level` around an address is kept under.
    int idOf(int asid, long virtAddr, int level) {
        return tags.idOfBlock(virtAddr, PAGE_SHIFT + LEVEL_BITS * level, asid);
    }

    /// ASID above the address bits that select an entry of `level`. Never negative. Ascends with the address within
    /// either half of the address space.
    private static long key(int asid, long virtAddr, int level) {
        return (long) asid << PREFIX_BITS | (virtAddr >>> PAGE_SHIFT & PREFIX_MASK) >>> (LEVEL_BITS * level);
    }
}
