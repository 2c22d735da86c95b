package sharewalk.kernel.fs.page;

import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_BYTES;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_SHIFT;

import sharewalk.cpu.CodeFrames;
import sharewalk.kernel.mm.CurrentHart;
import sharewalk.kernel.mm.SwapArea;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.memory.PhysicalMemory;

/// The guest's RAM as files use it: frames to be had, and their bytes.
///
/// Whatever is written into a frame that held code is forgotten as code first.
public final class PageFrames {
    private static final byte[] ZEROS = new byte[FRAME_BYTES];

    private final FrameAllocator allocator;
    private final PhysicalMemory memory;
    private final CodeFrames codeFrames;
    private final CurrentHart current;
    private final SwapArea swap;

    /// Creates the view of one machine's RAM.
    public PageFrames(FrameAllocator allocator, PhysicalMemory memory, CodeFrames codeFrames, CurrentHart current) {
        this.allocator = allocator;
        this.memory = memory;
        this.codeFrames = codeFrames;
        this.current = current;
        this.swap = new SwapArea(allocator, current);
    }

    /// Returns a frame that the caller fills, or -ENOMEM.
    public long allocate() {
        long pfn = allocator.allocate(FrameUse.DATA);
        return pfn == FrameAllocator.NO_FRAME ? -ENOMEM : pfn;
    }

    /// Returns a frame of zeros, or -ENOMEM, and counts the zeroing.
    public long allocateZeroed() {
        long pfn = allocate();
        if (pfn >= 0) {
            current.countersElsewhere().record(Counter.PAGE_ZEROED);
        }
        return pfn;
    }

    /// Counts that a page was looked up in a page cache for read(2), write(2) or their kin.
    void lookedUp() {
        current.countersElsewhere().record(Counter.PAGE_CACHE_LOOKUP);
    }

    /// Counts that somebody was told of a write.
    void told() {
        current.countersElsewhere().record(Counter.WRITE_NOTIFICATION);
    }

    /// Returns the swap area, whose slots a page cache may name instead of frames.
    SwapArea swap() {
        return swap;
    }

    /// Returns whether a page of a cache is in RAM and nobody else has a reference to its frame.
    boolean isUnused(long pfn) {
        return pfn != PageCache.ABSENT && !swap.isSlot(pfn) && allocator.references(pfn) == 1;
    }

    /// Drops a reference to a frame or swap slot; the last one frees it.
    public void release(long pfn) {
        allocator.release(pfn);
    }

    /// Returns how many frames can still be had.
    public long freeFrames() {
        return allocator.freeFrames();
    }

    /// Returns how many frames the RAM has.
    public long allFrames() {
        return memory.sizeBytes() >>> FRAME_SHIFT;
    }

    /// Copies bytes out of a frame.
    public void read(long pfn, int start, byte[] target, int offset, int sizeBytes) {
        memory.read((pfn << FRAME_SHIFT) + start, target, offset, sizeBytes);
    }

    /// Copies bytes into a frame.
    public void write(long pfn, int start, byte[] source, int offset, int sizeBytes) {
        if (allocator.table().heldCode(pfn)) {
            codeFrames.discard(pfn);
        }
        memory.write((pfn << FRAME_SHIFT) + start, source, offset, sizeBytes);
    }

    /// Zeroes bytes of a frame.
    public void clear(long pfn, int start, int end) {
        write(pfn, start, ZEROS, 0, end - start);
    }
}
