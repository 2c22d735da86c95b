package sharewalk.mmu.walk;

import sharewalk.mmu.cache.SetAssociativeStore;

/// One data cache, of which only lines with table entries are modelled: which it holds, not what is in them.
final class PteCacheLevel {
    private static final int LINE_SHIFT = Integer.numberOfTrailingZeros(PteCacheGeometry.LINE_BYTES);

    private final SetAssociativeStore store;

    PteCacheLevel(PteCacheGeometry.Level geometry, long seed) {
        int sets = geometry.sets();
        store = new SetAssociativeStore(sets, geometry.ways(), geometry.policy().policy(sets, geometry.ways(), seed));
    }

    /// Returns the number of the line that an address lies in.
    static long line(long physAddr) {
        return physAddr >>> LINE_SHIFT;
    }

    /// Returns whether a line is held, and if so notes that it has been used.
    boolean hit(long line) {
        int slot = store.find(line, store.setOf(line));
        if (slot == SetAssociativeStore.NO_SLOT) {
            return false;
        }
        store.touch(slot);
        return true;
    }

    /// Preconditions: the line is not held.
    void fill(long line) {
        store.insert(line, store.setOf(line), SetAssociativeStore.NO_SLOT);
    }

    void drop(long line) {
        int slot = store.find(line, store.setOf(line));
        if (slot != SetAssociativeStore.NO_SLOT) {
            store.invalidate(slot);
        }
    }
}
