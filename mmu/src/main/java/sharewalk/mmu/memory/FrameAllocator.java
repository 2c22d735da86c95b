package sharewalk.mmu.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A giver of zeroed frames, always the free one with the lowest number, so that a run is reproducible. A frame is
/// handed out with one reference and comes back with its last. Frame 0 is never handed out. The frames of a superpage
/// are handed out and come back together, with references in common.
public final class FrameAllocator {
    /// The answer when RAM is used up. Callers must handle it.
    public static final long NO_FRAME = -1;

    private final FrameTable table;
    private final PhysicalMemory memory;
    private final FrameListener listener;
    private final SwapSlots swap;

    /// One bit per frame, set while free.
    private final long[] free;

    /// No word of `free` below this one has a bit set.
    private int firstWord;

    /// Frames from here on were never handed out and are still zero; those below are zeroed when they are.
    private int untouched;

    private long freeFrames;
    private long usedFrames;
    private @Nullable SuperpageKeeper keeper;

    /// Preconditions: `memory` is all zero, `table` describes it and nothing else changes it.
    public FrameAllocator(FrameTable table, PhysicalMemory memory, FrameListener listener) {
        if (table.frames() != memory.sizeBytes() >>> PhysicalMemory.FRAME_SHIFT) {
            throw new IllegalArgumentException(
                    "a frame table of %d frames for RAM of %#x bytes".formatted(table.frames(), memory.sizeBytes()));
        }
        this.table = table;
        this.memory = memory;
        this.listener = listener;
        this.swap = new SwapSlots(table.frames(), table.frames());
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
        if (use == FrameUse.FREE || use == FrameUse.RESERVED || use == FrameUse.KEPT) {
            throw new IllegalArgumentException("frames are not handed out as " + use);
        }
        return take(use, 0, FrameTable.NO_OWNER);
    }

    /// Returns the first of the zeroed frames of a superpage with one reference, or [#NO_FRAME] where no free ones are
    /// left that one leaf of `level` could map.
    public long allocateSuperpage(int level) {
        return takeSuperpage(FrameUse.DATA, level);
    }

    /// Returns the first frame of a superpage that is kept from now on and that nobody uses yet, or [#NO_FRAME].
    public long keepSuperpage(int level) {
        long head = takeSuperpage(FrameUse.KEPT, level);
        if (head != NO_FRAME) {
            int _ = table.addReferences(head, -1);
        }
        return head;
    }

    /// Sets who keeps superpages of [FrameUse#KEPT].
    public void keepWith(SuperpageKeeper newKeeper) {
        keeper = newKeeper;
    }

    /// Puts a kept superpage that nobody uses into use again, with one reference, zeroed.
    public void reuse(long head) {
        table.reuse(head);
        for (long pfn = head; pfn < head + FrameTable.framesOf(table.level(head)); pfn++) {
            memory.zeroFrame(pfn);
        }
    }

    /// Makes the frames of a kept superpage that nobody uses free ones.
    public void dissolve(long head) {
        table.requireUnused(head);
        freeAll(head);
    }

    /// Makes ordinary frames, each with one reference, of a superpage that has as many references as frames.
    public void split(long head) {
        long frames = FrameTable.framesOf(table.level(head));
        if (table.head(head) != head || table.references(head) != frames) {
            throw new IllegalStateException(
                    "frame %#x is no superpage with a reference for each of its frames".formatted(head));
        }
        for (long pfn = head; pfn < head + frames; pfn++) {
            table.take((int) pfn, FrameUse.DATA, 0, FrameTable.NO_OWNER);
        }
    }

    /// Returns a zeroed frame with one reference for a table page, or [#NO_FRAME].
    public long allocateTable(int level, int owner) {
        return take(FrameUse.TABLE, level, owner);
    }

    /// Returns the swap area: as many slots as there are frames.
    public SwapSlots swap() {
        return swap;
    }

    /// Copies a frame to swap; returns the slot, with one reference, or [#NO_FRAME] when swap is used up.
    public long store(long pfn) {
        byte[] bytes = new byte[PhysicalMemory.FRAME_BYTES];
        memory.read(pfn << PhysicalMemory.FRAME_SHIFT, bytes, 0, bytes.length);
        return swap.store(bytes);
    }

    /// Returns a frame with one reference that holds the bytes of a slot, or [#NO_FRAME]. If others have references to
    /// the slot, they will be given the same frame.
    public long fetch(long slot) {
        long cached = swap.cachedPfn(slot);
        if (cached != NO_FRAME) {
            retain(cached);
            return cached;
        }
        byte[] bytes = swap.bytes(slot);
        long pfn = allocate(FrameUse.DATA);
        if (pfn == NO_FRAME) {
            return NO_FRAME;
        }
        memory.write(pfn << PhysicalMemory.FRAME_SHIFT, bytes, 0, bytes.length);
        if (swap.references(slot) > 1) {
            retain(pfn);
            swap.cache(slot, pfn);
        }
        return pfn;
    }

    /// Adds a reference to a frame, or a swap slot, in use.
    public void retain(long pfn) {
        if (swap.isSlot(pfn)) {
            swap.retain(pfn);
            return;
        }
        int _ = table.addReferences(pfn, 1);
    }

    /// Gives a table page another owner ([FrameTable#newOwner]).
    public void handOver(long pfn, int owner) {
        table.setOwner(pfn, owner);
    }

    /// Drops a reference; the last one frees the frame, or the superpage that it is part of, or the swap slot.
    public void release(long pfn) {
        if (swap.isSlot(pfn)) {
            long cached = swap.release(pfn);
            if (cached != NO_FRAME) {
                release(cached);
            }
            return;
        }
        if (table.addReferences(pfn, -1) > 0) {
            return;
        }
        long head = table.head(pfn);
        if (table.use(head) == FrameUse.TABLE || table.level(head) == 0) {
            forgetCode(head);
            free((int) head);
            return;
        }
        for (long part = head; part < head + FrameTable.framesOf(table.level(head)); part++) {
            forgetCode(part);
        }
        if (table.use(head) == FrameUse.KEPT && keeper != null) {
            keeper.unused(head, table.level(head));
        } else {
            freeAll(head);
        }
    }

    /// Returns the number of references to a frame, 0 when it is free, or to a swap slot.
    public int references(long pfn) {
        return swap.isSlot(pfn) ? swap.references(pfn) : table.references(pfn);
    }

    /// Returns the number of frames that can still be handed out.
    public long freeFrames() {
        return freeFrames;
    }

    /// Returns the number of frames handed out and not come back.
    public long usedFrames() {
        return usedFrames;
    }

    private void forgetCode(long pfn) {
        if (table.heldCode(pfn)) {
            listener.recycled(pfn);
            table.clearCode(pfn);
        }
    }

    private void freeAll(long head) {
        long frames = FrameTable.framesOf(table.level(head));
        for (long pfn = head; pfn < head + frames; pfn++) {
            free((int) pfn);
        }
    }

    private void free(int index) {
        table.free(index);
        free[index / Long.SIZE] |= 1L << index;
        firstWord = Math.min(firstWord, index / Long.SIZE);
        freeFrames++;
        usedFrames--;
    }

    private long takeSuperpage(FrameUse use, int level) {
        int frames = Math.toIntExact(FrameTable.framesOf(level));
        if (level < 1) {
            throw new IllegalArgumentException("a superpage of level " + level);
        }
        for (int head = 0; head <= table.frames() - frames; head += frames) {
            if (isFree(head, frames)) {
                takeAll(head, frames, use, level);
                return head;
            }
        }
        return NO_FRAME;
    }

    /// Superpages are whole words of the bitmap.
    private boolean isFree(int head, int frames) {
        for (int word = head / Long.SIZE; word < (head + frames) / Long.SIZE; word++) {
            if (free[word] != -1L) {
                return false;
            }
        }
        return true;
    }

    private void takeAll(int head, int frames, FrameUse use, int level) {
        Arrays.fill(free, head / Long.SIZE, (head + frames) / Long.SIZE, 0);
        freeFrames -= frames;
        usedFrames += frames;
        for (int pfn = head; pfn < head + frames; pfn++) {
            table.take(pfn, use, level, FrameTable.NO_OWNER);
            if (pfn < untouched) {
                memory.zeroFrame(pfn);
            }
        }
        untouched = Math.max(untouched, head + frames);
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
