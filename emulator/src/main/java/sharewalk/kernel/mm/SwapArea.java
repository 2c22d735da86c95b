package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.ENOMEM;

import sharewalk.mmu.count.Counter;
import sharewalk.mmu.memory.FrameAllocator;

/// The machine's swap area as page caches and page tables use it: both name a slot where they else name a frame.
public final class SwapArea {
    private final FrameAllocator frames;
    private final CurrentHart current;

    /// Returns a view of the swap area beside some frames.
    public SwapArea(FrameAllocator frames, CurrentHart current) {
        this.frames = frames;
        this.current = current;
    }

    /// Returns whether a frame number is that of a slot.
    public boolean isSlot(long pfn) {
        return frames.swap().isSlot(pfn);
    }

    /// Copies a frame to swap and counts it; returns the slot, with one reference, or -ENOMEM when swap is used up.
    public long store(long pfn) {
        long slot = frames.store(pfn);
        if (slot == FrameAllocator.NO_FRAME) {
            return -ENOMEM;
        }
        current.countersElsewhere().record(Counter.PAGE_SWAPPED_OUT);
        return slot;
    }

    /// Turns a reference to a slot into one to a frame that holds its bytes, and counts that unless they were in RAM
    /// already; returns the frame, or -ENOMEM, the reference to the slot kept, when RAM is used up.
    public long fetch(long slot) {
        boolean isCached = frames.swap().cachedPfn(slot) != FrameAllocator.NO_FRAME;
        long pfn = frames.fetch(slot);
        if (pfn == FrameAllocator.NO_FRAME) {
            return -ENOMEM;
        }
        if (!isCached) {
            current.countersElsewhere().record(Counter.PAGE_SWAPPED_IN);
            current.noteFetch();
        }
        frames.release(slot);
        return pfn;
    }
}
