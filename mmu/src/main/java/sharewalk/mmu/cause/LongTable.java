package sharewalk.mmu.cause;

import java.util.Arrays;

/// Numbers by keys that are not -1, 0 where nothing was put. Grows with the number of keys.
final class LongTable {
    private static final long STEP = 0x9E37_79B9_7F4A_7C15L;
    private static final long EMPTY = -1;

    private long[] keys = new long[256];
    private long[] values = new long[256];
    private int used;

    LongTable() {
        Arrays.fill(keys, EMPTY);
    }

    /// Returns the number of a key, or 0.
    long get(long key) {
        int i = slot(key);
        return keys[i] == key ? values[i] : 0;
    }

    void put(long key, long value) {
        int i = slot(key);
        if (keys[i] != key) {
            if (2 * ++used > keys.length) {
                grow();
                i = slot(key);
            }
            keys[i] = key;
        }
        values[i] = value;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new long[keys.length];
        Arrays.fill(keys, EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }

    /// Returns where a key is, or where it would go.
    private int slot(long key) {
        int mask = keys.length - 1;
        int i = (int) ((key * STEP) >>> 32) & mask;
        while (keys[i] != EMPTY && keys[i] != key) {
            i = (i + 1) & mask;
        }
        return i;
    }
}
