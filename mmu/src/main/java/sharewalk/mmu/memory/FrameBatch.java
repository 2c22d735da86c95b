package sharewalk.mmu.memory;

import java.util.Arrays;

/// A growing list of frames, each standing for one reference to be dropped together with the others.
public final class FrameBatch {
    private long[] pfns = new long[8];
    private int size;

    /// Adds one reference to a frame.
    public void add(long pfn) {
        if (size == pfns.length) {
            pfns = Arrays.copyOf(pfns, size * 2);
        }
        pfns[size++] = pfn;
    }

    /// Adds everything in `other`.
    public void addAll(FrameBatch other) {
        for (int i = 0; i < other.size; i++) {
            add(other.pfns[i]);
        }
    }

    /// Returns the number of references in the batch.
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /// Drops every reference, in the order of addition, and empties the batch.
    public void release(FrameAllocator frames) {
        for (int i = 0; i < size; i++) {
            frames.release(pfns[i]);
        }
        size = 0;
    }
}
