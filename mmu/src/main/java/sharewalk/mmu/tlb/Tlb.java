package sharewalk.mmu.tlb;

import java.util.Arrays;
import sharewalk.mmu.cache.SetAssociativeStore;

/// One translation lookaside buffer: tags in sets of ways, each with a translation that only its owner can read.
///
/// Finding changes nothing; [#touch] and [#insert] do. Superpages lie in the set that their own page number selects.
/// Nothing is allocated after construction.
public final class Tlb {
    public static final int NO_SLOT = SetAssociativeStore.NO_SLOT;

    private static final int LEVELS = 5;

    /// A range of more pages than this is invalidated by looking at every entry instead of for every page.
    private static final int MOST_PAGES_BY_NAME = 32;

    private static final int PAGE_SHIFT = 12;
    private static final int PAGE_BYTES = 1 << PAGE_SHIFT;

    private final TlbGeometry geometry;
    private final SetAssociativeStore store;
    private final long[] translations;
    private final QuietPageListener listener;
    private final boolean hitsMatter;

    /// The slot touched last in each set, or [#NO_SLOT] once it has been invalidated. Kept only where hits matter.
    private final int[] lastTouched;

    /// How many entries are of level `i / 2`, global where `i` is odd.
    private final int[] population = new int[2 * LEVELS];

    /// How many entries are not plain 4 KiB ones of a single address space.
    private int unusual;

    private long sizeConflicts;

    public Tlb(TlbGeometry geometry, long seed, QuietPageListener listener) {
        this.geometry = geometry;
        this.listener = listener;
        store = geometry.arrays().getFirst().store(seed);
        translations = new long[store.slots()];
        hitsMatter = store.hitsMatter();
        lastTouched = new int[geometry.arrays().getFirst().sets()];
        Arrays.fill(lastTouched, NO_SLOT);
    }

    public TlbGeometry geometry() {
        return geometry;
    }

    /// Returns the slot of the entry that translates `virtAddr` in `asid`, or [#NO_SLOT]. Changes nothing.
    public int find(int asid, long virtAddr) {
        int slot = store.find(TlbTag.ofPage(asid, virtAddr), store.setOf(TlbTag.setNumber(virtAddr, 0)));
        return slot != NO_SLOT || unusual == 0 ? slot : findUnusual(asid, virtAddr);
    }

    private int findUnusual(int asid, long virtAddr) {
        for (int kind = 1; kind < population.length; kind++) {
            if (population[kind] > 0) {
                int level = kind >> 1;
                long tag = TlbTag.of(asid, virtAddr, level, (kind & 1) != 0);
                int slot = store.find(tag, store.setOf(TlbTag.setNumber(virtAddr, level)));
                if (slot != NO_SLOT) {
                    return slot;
                }
            }
        }
        return NO_SLOT;
    }

    /// Returns the tag in `slot`, negative if the slot is empty.
    public long tag(int slot) {
        return store.key(slot);
    }

    /// Returns what was inserted with the tag in `slot`.
    public long translation(int slot) {
        return translations[slot];
    }

    /// Replaces the translation in `slot`. No hit: neither the policy nor the listener hears of it.
    public void replaceTranslation(int slot, long translation) {
        translations[slot] = translation;
    }

    /// Records a hit on `slot`.
    public void touch(int slot) {
        if (hitsMatter) {
            store.touch(slot);
            becomeLastTouched(slot);
        }
    }

    /// Returns the tag that inserting an entry of `level` for `virtAddr` would drop, negative if none would go.
    /// Changes nothing.
    public long victimTag(long virtAddr, int level) {
        int slot = store.victim(store.setOf(TlbTag.setNumber(virtAddr, level)), NO_SLOT);
        return slot == NO_SLOT ? SetAssociativeStore.NO_KEY : store.key(slot);
    }

    /// Puts in a translation. The entry in `pinnedSlot` ([#NO_SLOT] for none) is not the victim, unless its set has
    /// one way.
    ///
    /// Preconditions: [#find] finds no entry of this tag.
    public void insert(long tag, long translation, int pinnedSlot) {
        int level = TlbTag.level(tag);
        if (level > 0) {
            noteSizeConflicts(tag);
        }
        int set = store.setOf(TlbTag.setNumber(TlbTag.virtAddr(tag), level));
        int slot = store.insert(tag, set, pinnedSlot);
        translations[slot] = translation;
        count(tag, 1);
        long evicted = store.evictedKey();
        if (evicted >= 0) {
            count(evicted, -1);
            if (!hitsMatter) {
                tellNoLongerQuiet(evicted);
            } else if (lastTouched[set] == slot) {
                lastTouched[set] = NO_SLOT;
                tellNoLongerQuiet(evicted);
            }
        }
        if (hitsMatter) {
            becomeLastTouched(slot);
        }
    }

    /// Forgets whatever [#find] finds for `virtAddr` in `asid`, global entries too.
    public void invalidateEvery(int asid, long virtAddr) {
        for (int slot = find(asid, virtAddr); slot != NO_SLOT; slot = find(asid, virtAddr)) {
            drop(slot);
        }
    }

    /// Forgets what translates `virtAddr` in `asid`, of whatever size. Global entries stay.
    public void invalidatePage(int asid, long virtAddr) {
        for (int level = 0; level < LEVELS; level++) {
            if (population[2 * level] > 0) {
                int slot = store.find(
                        TlbTag.of(asid, virtAddr, level, false), store.setOf(TlbTag.setNumber(virtAddr, level)));
                if (slot != NO_SLOT) {
                    drop(slot);
                }
            }
        }
    }

    /// Forgets what translates any of `[start, end)` in `asid`. Global entries stay.
    public void invalidateRange(int asid, long start, long end) {
        if (Long.compareUnsigned(end - start, (long) MOST_PAGES_BY_NAME << PAGE_SHIFT) <= 0) {
            for (long virtAddr = start & -PAGE_BYTES; virtAddr < end; virtAddr += PAGE_BYTES) {
                invalidatePage(asid, virtAddr);
            }
            return;
        }
        for (int slot = 0; slot < translations.length; slot++) {
            long tag = store.key(slot);
            if (tag >= 0 && TlbTag.asid(tag) == asid && TlbTag.overlaps(tag, start, end)) {
                drop(slot);
            }
        }
    }

    /// Forgets everything of `asid`. Global entries stay.
    public void invalidateAsid(int asid) {
        boolean any = false;
        for (int slot = 0; slot < translations.length; slot++) {
            long tag = store.key(slot);
            if (tag >= 0 && TlbTag.asid(tag) == asid) {
                int _ = forget(slot, tag);
                any = true;
            }
        }
        if (any) {
            listener.allNoLongerQuiet();
        }
    }

    /// Forgets everything.
    public void flush() {
        store.invalidateAll();
        Arrays.fill(lastTouched, NO_SLOT);
        Arrays.fill(population, 0);
        unusual = 0;
        listener.allNoLongerQuiet();
    }

    /// Returns how often a superpage came in while a smaller page inside it was still here: on hardware, a program
    /// error with an unpredictable outcome (Intel SDM 3A 4.10.2.3). Here the smaller page is found first.
    public long sizeConflicts() {
        return sizeConflicts;
    }

    /// Shows every entry, in slot order.
    public void forEachEntry(TlbEntryVisitor visitor) {
        for (int slot = 0; slot < translations.length; slot++) {
            if (store.key(slot) >= 0) {
                visitor.visit(store.key(slot), translations[slot]);
            }
        }
    }

    private void drop(int slot) {
        long tag = store.key(slot);
        int wasLastTouched = forget(slot, tag);
        if (!hitsMatter || wasLastTouched == slot) {
            tellNoLongerQuiet(tag);
        }
    }

    /// Returns the slot that was touched last in its set until now.
    private int forget(int slot, long tag) {
        int set = store.setOfSlot(slot);
        int wasLastTouched = lastTouched[set];
        if (wasLastTouched == slot) {
            lastTouched[set] = NO_SLOT;
        }
        store.invalidate(slot);
        count(tag, -1);
        return wasLastTouched;
    }

    private void becomeLastTouched(int slot) {
        int set = store.setOfSlot(slot);
        int before = lastTouched[set];
        if (before != slot) {
            lastTouched[set] = slot;
            if (before != NO_SLOT) {
                tellNoLongerQuiet(store.key(before));
            }
        }
    }

    private void tellNoLongerQuiet(long tag) {
        listener.noLongerQuiet(TlbTag.asid(tag), TlbTag.virtAddr(tag), TlbTag.sizeBytes(tag));
    }

    private void count(long tag, int change) {
        int kind = 2 * TlbTag.level(tag) + (TlbTag.isGlobal(tag) ? 1 : 0);
        population[kind] += change;
        if (kind != 0) {
            unusual += change;
        }
    }

    private void noteSizeConflicts(long superpageTag) {
        long start = TlbTag.virtAddr(superpageTag);
        long end = start + TlbTag.sizeBytes(superpageTag);
        for (int slot = 0; slot < translations.length; slot++) {
            long tag = store.key(slot);
            if (tag >= 0 && TlbTag.asid(tag) == TlbTag.asid(superpageTag) && TlbTag.overlaps(tag, start, end)) {
                sizeConflicts++;
                return;
            }
        }
    }
}
