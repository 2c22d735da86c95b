package sharewalk.mmu.table;

import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.TableListener;

/// The table pages of one owner, a table or a shared subtree: their allocation, number and account.
final class TablePages {
    private final FrameAllocator frames;
    private final TableListener listener;
    private final TableAccounting accounting;
    private final int owner;
    private long count;

    TablePages(TableContext context, TableAccounting accounting) {
        this.frames = context.frames();
        this.listener = context.listener();
        this.accounting = accounting;
        this.owner = frames.table().newOwner();
    }

    /// Returns a new, empty table page.
    ///
    /// @throws OutOfFramesException when RAM is used up
    long allocate(int level, long virtAddr) {
        long pfn = frames.allocateTable(level, owner);
        if (pfn == FrameAllocator.NO_FRAME) {
            throw new OutOfFramesException(level);
        }
        listener.tableZeroed(pfn);
        count++;
        accounting.tableAllocated(level, virtAddr);
        return pfn;
    }

    /// Takes a page off the account; dropping its reference is the caller's.
    void unlinked(int level, long virtAddr) {
        count--;
        accounting.tableFreed(level, virtAddr);
    }

    /// Takes over a page from another owner, together with its account.
    void takeOver(TablePages from, long pfn, int level, long virtAddr) {
        from.count--;
        from.accounting.tableGivenAway(level, virtAddr);
        frames.handOver(pfn, owner);
        count++;
        accounting.tableTakenOver(level, virtAddr);
    }

    boolean owns(long pfn) {
        return frames.table().owner(pfn) == owner;
    }

    long count() {
        return count;
    }

    TableAccounting accounting() {
        return accounting;
    }
}
