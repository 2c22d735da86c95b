package sharewalk.kernel.mm;

import java.util.Arrays;
import java.util.BitSet;

/// The harts that may remember translations of one address space (Linux: `mm_cpumask`, `tlb_gen`).
final class HartFootprint {
    private final BitSet harts = new BitSet();
    private final long[] seenFlushes;
    private long flushes = 1;

    HartFootprint(int hartCount) {
        seenFlushes = new long[hartCount];
    }

    boolean contains(int hart) {
        return harts.get(hart);
    }

    /// Adds a hart; returns whether it still owes a flush from the time it was away.
    boolean enter(int hart) {
        harts.set(hart);
        boolean owes = seenFlushes[hart] != 0 && seenFlushes[hart] != flushes;
        seenFlushes[hart] = flushes;
        return owes;
    }

    void leave(int hart) {
        harts.clear(hart);
    }

    /// Notes a flush that every hart in the footprint takes part in; the others will owe it.
    void flushed() {
        flushes++;
        for (int hart = harts.nextSetBit(0); hart >= 0; hart = harts.nextSetBit(hart + 1)) {
            seenFlushes[hart] = flushes;
        }
    }

    /// Notes that no hart remembers anything any more: the space has a fresh id.
    void forgotten() {
        Arrays.fill(seenFlushes, 0);
    }
}
