package sharewalk.mmu.cause;

import java.util.Arrays;
import sharewalk.mmu.tlb.TlbTag;

/// What has become of pages in each of a hart's TLBs: a few bits for each page ever held, found by its tag. Grows with
/// the number of pages.
final class PageHistory {
    private static final long STEP = 0x9E37_79B9_7F4A_7C15L;
    private static final long EMPTY = -1;

    private long[] keys = new long[1024];
    private byte[] bits = new byte[1024];
    private int used;

    PageHistory() {
        Arrays.fill(keys, EMPTY);
    }

    /// Returns the bits of a page, 0 if it is new.
    int get(long key) {
        int i = slot(key);
        return keys[i] == key ? bits[i] : 0;
    }

    void set(long key, int newBits) {
        int i = slot(key);
        if (keys[i] != key) {
            if (2 * ++used > keys.length) {
                grow();
                i = slot(key);
            }
            keys[i] = key;
        }
        bits[i] = (byte) newBits;
    }

    /// Sets the bits of every page of a space that is known and lies in the aligned block of `1 << shift` bytes around
    /// an address.
    void setWithin(int space, long virtAddr, int shift, int newBits) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != EMPTY
                    && TlbTag.asid(keys[i]) == space
                    && TlbTag.virtAddr(keys[i]) >> shift == virtAddr >> shift) {
                bits[i] = (byte) newBits;
            }
        }
    }

    /// Forgets the pages of a space.
    void forget(int space) {
        long[] oldKeys = keys;
        byte[] oldBits = bits;
        renew(keys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY && TlbTag.asid(oldKeys[i]) != space) {
                used++;
                put(oldKeys[i], oldBits[i]);
            }
        }
    }

    private void grow() {
        long[] oldKeys = keys;
        byte[] oldBits = bits;
        int count = used;
        renew(2 * keys.length);
        used = count;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                put(oldKeys[i], oldBits[i]);
            }
        }
    }

    private void renew(int length) {
        keys = new long[length];
        bits = new byte[length];
        used = 0;
        Arrays.fill(keys, EMPTY);
    }

    private void put(long key, byte itsBits) {
        int i = slot(key);
        keys[i] = key;
        bits[i] = itsBits;
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
