package sharewalk.mmu.support;

import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameListener;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.memory.SegmentMemory;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.InvalidationLedger;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.TableAccounting;
import sharewalk.mmu.table.TableContext;

/// A machine without harts: RAM, its frames, a ledger, and tables in it.
public final class TestTables {
    private final SegmentMemory memory;
    private final FrameAllocator frames;
    private final TableContext context;

    /// Builds a machine with a RAM of `ramFrames` frames.
    public TestTables(PagingMode mode, int ramFrames) {
        memory = SegmentMemory.onHeap(ramFrames * PhysicalMemory.FRAME_BYTES);
        frames = new FrameAllocator(FrameTable.of(memory), memory, FrameListener.NONE);
        context = new TableContext(mode, memory, frames, new InvalidationLedger());
    }

    public PagingMode mode() {
        return context.mode();
    }

    public SegmentMemory memory() {
        return memory;
    }

    public FrameAllocator frames() {
        return frames;
    }

    public TableContext context() {
        return context;
    }

    /// Returns a new table on no account.
    public PageTable newTable() {
        return PageTable.create(context, TableAccounting.NONE);
    }

    /// Returns a frame for data.
    public long newFrame() {
        long pfn = frames.allocate(FrameUse.DATA);
        if (pfn == FrameAllocator.NO_FRAME) {
            throw new IllegalStateException("RAM is used up");
        }
        return pfn;
    }

    /// Redeems a debt as if every hart had been told.
    public void redeem(PendingInvalidation pending) {
        pending.redeem(context.ledger());
    }
}
