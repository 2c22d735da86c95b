package sharewalk.mmu.walk;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.cache.SetAssociativeStore;
import sharewalk.mmu.memory.PhysicalMemory;

/// Table entries kept by where they lie in memory. They carry no address space: whoever walks through an entry finds
/// it, whichever root it came from.
final class TableEntryCache {
    private static final int ENTRY_SHIFT = 3;

    private final SetAssociativeStore store;
    private final long[] entries;

    TableEntryCache(WalkCacheArray array, long seed) {
        store = array.store(seed);
        entries = new long[array.entries()];
    }

    /// Returns the slot of the entry at an address, or [SetAssociativeStore#NO_SLOT]. Changes nothing.
    int find(long entryAddress) {
        return store.find(entryAddress, set(entryAddress));
    }

    long entry(int slot) {
        return entries[slot];
    }

    void touch(int slot) {
        store.touch(slot);
    }

    /// Preconditions: nothing is kept of that address.
    void fill(long entryAddress, long entry) {
        entries[store.insert(entryAddress, set(entryAddress), SetAssociativeStore.NO_SLOT)] = entry;
    }

    void drop(long entryAddress) {
        int slot = find(entryAddress);
        if (slot != SetAssociativeStore.NO_SLOT) {
            store.invalidate(slot);
        }
    }

    /// Forgets the entries that lie in a frame.
    void dropFrame(long pfn) {
        for (int slot = 0; slot < store.slots(); slot++) {
            if (store.key(slot) >>> PhysicalMemory.FRAME_SHIFT == pfn) {
                store.invalidate(slot);
            }
        }
    }

    /// Forgets everything but what `judge` keeps.
    void flush(@Nullable TableJudge judge) {
        if (judge == null) {
            store.invalidateAll();
            return;
        }
        for (int slot = 0; slot < store.slots(); slot++) {
            if (store.key(slot) >= 0 && !judge.liesAt(store.key(slot), entries[slot])) {
                store.invalidate(slot);
            }
        }
    }

    /// Returns the number of slots, and by [#keyOf] what lies in each.
    int slots() {
        return store.slots();
    }

    /// Returns the address of the entry in a slot, or [SetAssociativeStore#NO_KEY].
    long keyOf(int slot) {
        return store.key(slot);
    }

    private int set(long entryAddress) {
        return store.setOf(entryAddress >>> ENTRY_SHIFT);
    }
}
