package sharewalk.mmu.memory;

/// A giver of zeroed frames, always the free one with the lowest number, so that a run is reproducible. A frame is
/// handed out with one reference and comes back with its last. Frame 0 is never handed out.
public final class FrameAllocator {
    /// The answer when RAM is used up. Callers must handle it.
    public static final long NO_FRAME = -1;

    private final FrameTable table;
    private final PhysicalMemory memory;
    private final FrameListener listener;

    /// One bit per frame, set while free.
    private final long[] free;

    /// No word of `free` below this one has a bit set.
    private int firstWord;

    /// Frames from here on were never handed out and are still zero.
    private int untouched;

    private long freeFrames;
    private long usedFrames;

    /// Preconditions: `memory` is all zero, `table` describes it and nothing else changes it.
    public FrameAllocator(FrameTable table, PhysicalMemory memory, FrameListener listener) {
        if (table.frames() != memory.sizeBytes() >>> PhysicalMemory.FRAME_SHIFT) {
            throw new IllegalArgumentException(
                    "a frame table of %d frames for RAM of %#x bytes".formatted(table.frames(), memory.sizeBytes()));
        }
        this.table = table;
        this.memory = memory;
        this.listener = listener;
        this.free = new long[(table.frames() + Long.SIZE - 1) / Long.SIZE];
        for (int pfn = 0; pfn < table.frames(); pfn++) {
            if (table.use(pfn) == FrameUse.FREE) {
                free[pfn / Long.SIZE] |= 1L << pfn;
                freeFrames++;
            }
        }
    }

    /// Returns the table of all frames.
    public FrameTable table() {
        return table;
    }

    /// Returns a zeroed frame with one reference, or [#NO_FRAME].
    public long allocate(FrameUse use) {
        if (use == FrameUse.FREE || use == FrameUse.RESERVED) {
            throw new IllegalArgumentException("frames are not handed out as " + use);
        }
        return take(use, 0, FrameTable.NO_OWNER);
    }

    /// Returns a zeroed frame with one reference for a table page, or [#NO_FRAME].
    public long allocateTable(int level, int owner) {
        return take(FrameUse.TABLE, level, owner);
    }

    /// Adds a reference to a frame in use.
    public void retain(long pfn) {
        int _ = table.addReferences(pfn, 1);
    }

    /// Drops a reference; the last one frees the frame.
    public void release(long pfn) {
        if (table.addReferences(pfn, -1) > 0) {
            return;
        }
        if (table.heldCode(pfn)) {
            listener.recycled(pfn);
            table.clearCode(pfn);
        }
        int index = (int) pfn;
        table.free(index);
        free[index / Long.SIZE] |= 1L << index;
        firstWord = Math.min(firstWord, index / Long.SIZE);
        freeFrames++;
        usedFrames--;
    }

    /// Returns the number of references to a frame, 0 when it is free.
    public int references(long pfn) {
        return table.references(pfn);
    }

    /// Returns the number of frames that can still be handed out.
    public long freeFrames() {
        return freeFrames;
    }

    /// Returns the number of frames handed out and not come back.
    public long usedFrames() {
        return usedFrames;
    }

    private long take(FrameUse use, int level, int owner) {
        while (firstWord < free.length && free[firstWord] == 0) {
            firstWord++;
        }
        if (firstWord == free.length) {
            return NO_FRAME;
        }
        int pfn = firstWord * Long.SIZE + Long.numberOfTrailingZeros(free[firstWord]);
        free[firstWord] &= free[firstWord] - 1;
        freeFrames--;
        usedFrames++;
        table.take(pfn, use, level, owner);
        if (pfn < untouched) {
            memory.zeroFrame(pfn);
        }
        untouched = Math.max(untouched, pfn + 1);
        return pfn;
    }

    @Override
    public String toString() {
        return "%d frames used, %d free of %d".formatted(usedFrames, freeFrames, table.frames());
    }
}
