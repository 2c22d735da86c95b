package sharewalk.kernel.mm;

import java.util.Map;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;

/// The shared subtrees of a region's address space: each table page of one level, made by the first fault in its slot.
final class RegionSlots {
    private final PageTable table;
    private final VmaSet vmas;
    private final int level;
    private final long slotBytes;

    /// Creates the slots of a region whose table pages of `level` others attach.
    RegionSlots(PageTable table, VmaSet vmas, int level) {
        PagingMode mode = table.context().mode();
        this.table = table;
        this.vmas = vmas;
        this.level = level;
        this.slotBytes = mode.tableCoverageBytes(level);
    }

    /// Takes over the table page of a process that translates the slot at an address, if it has one of its own there.
    PendingInvalidation takeOver(PageTable process, long slot) {
        return process.cursor().hasOwnTable(slot, level)
                ? table.cursor().attach(slot, process.cursor().share(slot, level, table.accounting()))
                : PendingInvalidation.NONE;
    }

    /// Returns the bytes of a slot.
    long slotBytes() {
        return slotBytes;
    }

    /// Makes the subtree that translates an address, if it is missing.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    PendingInvalidation prepare(long virtAddr) {
        if (table.cursor().attachedAt(virtAddr) != null) {
            return PendingInvalidation.NONE;
        }
        return table.cursor().attach(virtAddr & -slotBytes, SharedSubtree.createHosted(table, level));
    }

    /// Frees the subtrees of slots that have an address in `[start, end)`, no VMA and no sharer. One with sharers
    /// stays, emptied, so that they see what comes next (msharefs v3, patch 12).
    PendingInvalidation freeUnused(long start, long end) {
        PendingInvalidation pending = PendingInvalidation.NONE;
        for (Map.Entry<Long, SharedSubtree> attached :
                table.cursor().attachedIn(start & -slotBytes, end).entrySet()) {
            long slot = attached.getKey();
            Vma vma = vmas.findOrNext(slot);
            boolean isFree = vma == null || vma.start() >= slot + slotBytes;
            if (isFree && attached.getValue().sharers() == 0) {
                pending = pending.merge(table.cursor().detach(slot));
            }
        }
        return pending;
    }
}
