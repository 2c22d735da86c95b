package sharewalk.mmu.table;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.memory.FrameBatch;
import sharewalk.mmu.memory.PhysicalMemory;

/// A change of a table while it is being made: what became stale so far.
final class TableChange {
    private final PageTable table;
    private final FrameBatch frames = new FrameBatch();
    private final List<PendingInvalidation.Touched> touched = new ArrayList<>();
    private ChangeKind kind = ChangeKind.NONE;
    private long start = Long.MAX_VALUE;
    private long end = Long.MIN_VALUE;
    private long pages;
    private long leafBytes;
    private boolean changed;

    TableChange(PageTable table) {
        this.table = table;
    }

    /// Notes that the leaf at `position` was replaced by `newPte`, 0 for none.
    void leafReplaced(Position position, long newPte) {
        TableContext context = table.context();
        ChangeKind leafKind = ChangeKind.ofLeaf(
                context.format(), position.effectivePte(), position.effective(newPte), position.level());
        changed = true;
        long sizeBytes = position.pageBytes();
        if (leafKind != ChangeKind.NONE) {
            pages += sizeBytes / PhysicalMemory.FRAME_BYTES;
            leafBytes = PendingInvalidation.Stale.smallest(leafBytes, sizeBytes);
            stale(leafKind, position.pageStart(), sizeBytes);
            touched(position.below(), position.pageStart());
        }
    }

    /// Notes that a table page was unlinked. One page of its range is enough to name every entry that leads to it.
    void tableUnlinked(long virtAddr, long pfn, @Nullable SharedSubtree below) {
        changed = true;
        frames.add(pfn);
        stale(ChangeKind.TABLES_FREED, virtAddr, PhysicalMemory.FRAME_BYTES);
        touched(below, virtAddr);
    }

    /// Notes that a whole window no longer leads where it did, or leads somewhere now.
    void windowChanged(ChangeKind windowKind, long virtAddr, long sizeBytes) {
        changed = true;
        stale(windowKind, virtAddr, sizeBytes);
    }

    /// Returns the frames to release when the change is redeemed.
    FrameBatch frames() {
        return frames;
    }

    /// Returns the debt, entered in the ledger unless nothing was changed at all.
    PendingInvalidation toPending() {
        if (!changed) {
            return PendingInvalidation.NONE;
        }
        boolean stale = kind != ChangeKind.NONE;
        return PendingInvalidation.entered(
                table,
                new PendingInvalidation.Stale(kind, stale ? start : 0, stale ? end : 0, pages, leafBytes),
                touched,
                frames);
    }

    private void stale(ChangeKind staleKind, long from, long sizeBytes) {
        kind = kind.and(staleKind);
        start = Math.min(start, from);
        end = Math.max(end, from + sizeBytes);
    }

    private void touched(@Nullable SharedSubtree below, long virtAddr) {
        if (below == null) {
            return;
        }
        var place = new PendingInvalidation.Touched(below, virtAddr & -below.coverageBytes());
        if (!touched.contains(place)) {
            touched.add(place);
        }
    }
}
