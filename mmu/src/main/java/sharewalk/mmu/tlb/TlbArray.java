package sharewalk.mmu.tlb;

import java.util.Arrays;
import sharewalk.mmu.cache.SetAssociativeStore;

/// One array of a TLB: tags in sets of ways, each with a translation, and which pages of them are quiet.
///
/// Finding changes nothing; [#touch] and [#insert] do. Slots are numbered from [#firstSlot] on. Nothing is allocated
/// after construction.
final class TlbArray {
    static final int NO_SLOT = SetAssociativeStore.NO_SLOT;

    private final int firstSlot;
    private final SetAssociativeStore store;
    private final long[] translations;

    /// The size of the page that the tables have, which an entry may hold only a piece of.
    private final byte[] leafShifts;

    private final QuietPageListener listener;
    private final boolean hitsMatter;

    /// The way touched last in each set, as a slot of the store, or [#NO_SLOT] once it has been invalidated. Kept only
    /// where hits matter.
    private final int[] lastTouched;

    private int evictedLeafShift;

    TlbArray(TlbArrayGeometry geometry, int firstSlot, long seed, QuietPageListener listener) {
        this.firstSlot = firstSlot;
        this.listener = listener;
        store = geometry.store(seed);
        translations = new long[store.slots()];
        leafShifts = new byte[store.slots()];
        hitsMatter = store.hitsMatter();
        lastTouched = new int[geometry.sets()];
        Arrays.fill(lastTouched, NO_SLOT);
    }

    int firstSlot() {
        return firstSlot;
    }

    /// Returns the slot after its last one.
    int endSlot() {
        return firstSlot + translations.length;
    }

    /// Returns the slot of a tag, or [#NO_SLOT].
    ///
    /// Preconditions: `setNumber` is that of the tag's page.
    int find(long tag, long setNumber) {
        return toSlot(store.find(tag, store.setOf(setNumber)));
    }

    /// Returns the tag in `slot`, negative if the slot is empty.
    long tag(int slot) {
        return store.key(slot - firstSlot);
    }

    long translation(int slot) {
        return translations[slot - firstSlot];
    }

    int leafShift(int slot) {
        return leafShifts[slot - firstSlot];
    }

    void replaceTranslation(int slot, long translation) {
        translations[slot - firstSlot] = translation;
    }

    void touch(int slot) {
        if (hitsMatter) {
            store.touch(slot - firstSlot);
            becomeLastTouched(slot - firstSlot);
        }
    }

    /// Returns the slot that the next insertion into the set of `setNumber` would take from another entry, or
    /// [#NO_SLOT].
    int victim(long setNumber) {
        return toSlot(store.victim(store.setOf(setNumber), NO_SLOT));
    }

    /// Returns whether the next insertion into its set would take `slot` from its entry.
    boolean isNextVictim(int slot) {
        int way = slot - firstSlot;
        return store.victim(store.setOfSlot(way), NO_SLOT) == way;
    }

    /// Puts in a translation and returns its slot; [#evictedTag] tells what went. The entry in `pinnedSlot`, which may
    /// be another array's, is not the victim, unless its set has one way.
    int insert(long tag, long translation, int leafShift, int pinnedSlot) {
        int set = store.setOf(TlbTag.setNumber(TlbTag.virtAddr(tag), TlbTag.pageShift(tag)));
        int way = store.insert(tag, set, pinnedSlot == NO_SLOT ? NO_SLOT : pinnedSlot - firstSlot);
        translations[way] = translation;
        evictedLeafShift = leafShifts[way];
        leafShifts[way] = (byte) leafShift;
        long evicted = store.evictedKey();
        if (evicted >= 0) {
            if (lastTouched[set] == way) {
                lastTouched[set] = NO_SLOT;
            }
            tellNoLongerQuiet(evicted);
        }
        if (hitsMatter) {
            becomeLastTouched(way);
        }
        return firstSlot + way;
    }

    /// Returns the tag that the last [#insert] dropped, negative if none.
    long evictedTag() {
        return store.evictedKey();
    }

    /// Returns the size of the page that the entry dropped by the last [#insert] came from.
    int evictedLeafShift() {
        return evictedLeafShift;
    }

    /// Empties a slot, telling the listener.
    void drop(int slot) {
        int way = slot - firstSlot;
        long tag = store.key(way);
        forget(slot);
        tellNoLongerQuiet(tag);
    }

    /// Empties a slot, telling nobody.
    void forget(int slot) {
        int way = slot - firstSlot;
        int set = store.setOfSlot(way);
        if (lastTouched[set] == way) {
            lastTouched[set] = NO_SLOT;
        }
        store.invalidate(way);
    }

    /// Empties every slot, telling nobody.
    void forgetAll() {
        store.invalidateAll();
        Arrays.fill(lastTouched, NO_SLOT);
    }

    private int toSlot(int way) {
        return way == NO_SLOT ? NO_SLOT : firstSlot + way;
    }

    private void becomeLastTouched(int way) {
        int set = store.setOfSlot(way);
        int before = lastTouched[set];
        if (before != way) {
            lastTouched[set] = way;
            if (before != NO_SLOT) {
                long overtaken = store.key(before);
                listener.overtaken(
                        firstSlot + set,
                        TlbTag.asid(overtaken),
                        TlbTag.virtAddr(overtaken),
                        TlbTag.sizeBytes(overtaken));
            }
            long tag = store.key(way);
            listener.touchedLast(firstSlot + set, TlbTag.asid(tag), TlbTag.virtAddr(tag), TlbTag.sizeBytes(tag));
        }
    }

    private void tellNoLongerQuiet(long tag) {
        listener.noLongerQuiet(TlbTag.asid(tag), TlbTag.virtAddr(tag), TlbTag.sizeBytes(tag));
    }
}
