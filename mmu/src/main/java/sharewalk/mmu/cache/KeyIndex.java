package sharewalk.mmu.cache;

import java.util.Arrays;

/// A map from keys to slots for sets too wide to scan: open addressing, linear probing, no tombstones.
final class KeyIndex {
    private static final int EMPTY = -1;

    private final long[] keys;
    private final int[] slots;
    private final int mask;
    private final int shift;

    KeyIndex(int entries) {
        int capacity = Integer.highestOneBit(entries) * 4;
        keys = new long[capacity];
        slots = new int[capacity];
        mask = capacity - 1;
        shift = 64 - Integer.numberOfTrailingZeros(capacity);
        clear();
    }

    void clear() {
        Arrays.fill(slots, EMPTY);
    }

    int find(long key) {
        for (int i = home(key); slots[i] != EMPTY; i = (i + 1) & mask) {
            if (keys[i] == key) {
                return slots[i];
            }
        }
        return EMPTY;
    }

    /// Preconditions: `key` is absent.
    void put(long key, int slot) {
        int i = home(key);
        while (slots[i] != EMPTY) {
            i = (i + 1) & mask;
        }
        keys[i] = key;
        slots[i] = slot;
    }

    void remove(long key) {
        int hole = home(key);
        while (slots[hole] == EMPTY || keys[hole] != key) {
            if (slots[hole] == EMPTY) {
                return;
            }
            hole = (hole + 1) & mask;
        }
        // Whatever was pushed past the hole by a collision moves back into it, so that probing may stop at a hole.
        for (int i = (hole + 1) & mask; slots[i] != EMPTY; i = (i + 1) & mask) {
            int distanceFromHome = (i - home(keys[i])) & mask;
            if (distanceFromHome >= ((i - hole) & mask)) {
                keys[hole] = keys[i];
                slots[hole] = slots[i];
                hole = i;
            }
        }
        slots[hole] = EMPTY;
    }

    private int home(long key) {
        return (int) ((key * HartSeed.STEP) >>> shift);
    }
}
