package sharewalk.mmu.table;

import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.PteFormat;

/// The making of shared subtrees from a table's own pages, and of own pages from shared ones.
final class Ownership {
    private final PageTable table;
    private final TableContext context;
    private final PagingMode mode;
    private final PteFormat format;
    private final TableAccounting accounting;
    private final Position position;

    Ownership(PageTable table, TableAccounting accounting) {
        this.table = table;
        this.context = table.context();
        this.mode = context.mode();
        this.format = mode.format();
        this.accounting = accounting;
        this.position = new Position(table, accounting);
    }

    boolean hasOwnTable(long virtAddr, int level) {
        long start = context.entryStart(virtAddr, level + 1);
        table.requireUserRange(start, start + mode.tableCoverageBytes(level));
        position.descend(start, level + 1);
        return position.level() == level + 1
                && position.below() == null
                && format.isTable(position.pte(), level + 1)
                && table.pages().owns(format.pfn(position.pte()));
    }

    SharedSubtree share(long virtAddr, int level, TableAccounting subtreeAccounting) {
        long start = context.entryStart(virtAddr, level + 1);
        if (!hasOwnTable(start, level) || table.hasAttachedIn(start, start + mode.tableCoverageBytes(level))) {
            throw new IllegalStateException(
                    "no table page of level %d at %#x that is %s own throughout".formatted(level, virtAddr, table));
        }
        long pfn = format.pfn(position.pte());
        SharedSubtree subtree = SharedSubtree.ofOwnPage(context, level, pfn, subtreeAccounting);
        handOver(table.pages(), subtree.pages(), pfn, level, start);
        subtree.attached(table, start);
        table.addAttached(start, subtree);
        return subtree;
    }

    PendingInvalidation guard(long virtAddr) {
        SharedSubtree subtree = table.attachedExactlyAt(virtAddr);
        subtree.requireUnshared();
        PendingInvalidation pending =
                point(subtree, virtAddr, format.guardedTable(subtree.pfn()), ChangeKind.NARROWED_OR_REMOVED);
        subtree.guard();
        return pending;
    }

    PendingInvalidation reclaim(long virtAddr) {
        SharedSubtree subtree = table.attachedExactlyAt(virtAddr);
        subtree.requireUnshared();
        table.removeAttached(virtAddr);
        handOver(subtree.pages(), table.pages(), subtree.pfn(), subtree.level(), virtAddr);
        subtree.dissolved();
        return subtree.isGuarded()
                ? point(subtree, virtAddr, format.table(subtree.pfn()), ChangeKind.PERMISSIONS_WIDENED)
                : PendingInvalidation.NONE;
    }

    PendingInvalidation unshareByCopy(long virtAddr, LeafEdit onCopy) {
        SharedSubtree subtree = table.attachedExactlyAt(virtAddr);
        if (subtree.level() != 0
                || subtree.host() == table
                || subtree.attachments().size() < 2) {
            throw new IllegalStateException("%s cannot be left by copying at %#x".formatted(subtree, virtAddr));
        }
        long copyPfn = table.pages().allocate(0, virtAddr);
        copyEntries(subtree.pfn(), copyPfn, virtAddr, onCopy);
        accounting.tableCopied(virtAddr);
        table.removeAttached(virtAddr);
        position.descend(virtAddr, 1);
        position.write(format.table(copyPfn));
        TableChange change = new TableChange(table);
        subtree.detached(table, virtAddr, change, TableCursor.REFUSE_LEAF);
        // Cached pointers lead to a page that others go on changing.
        change.windowChanged(ChangeKind.TABLES_FREED, virtAddr, subtree.coverageBytes());
        return change.toPending();
    }

    /// Rewrites the entry that points at a subtree.
    private PendingInvalidation point(SharedSubtree subtree, long virtAddr, long pointer, ChangeKind kind) {
        position.descend(virtAddr, subtree.level() + 1);
        position.write(pointer);
        TableChange change = new TableChange(table);
        change.windowChanged(kind, virtAddr, subtree.coverageBytes());
        return change.toPending();
    }

    /// Gives a table page and all below it to another owner. Linux has no owner to change: nothing is on account.
    private void handOver(TablePages from, TablePages to, long tablePfn, int level, long start) {
        to.takeOver(from, tablePfn, level, start);
        if (level == 0) {
            return;
        }
        long virtAddr = start;
        long entryAddr = tablePfn << PhysicalMemory.FRAME_SHIFT;
        for (int i = 0; i < mode.entriesPerTable(); i++) {
            long pte = context.memory().read64(entryAddr);
            if (format.isTable(pte, level)) {
                handOver(from, to, format.pfn(pte), level - 1, virtAddr);
            }
            entryAddr += mode.entryBytes();
            virtAddr += mode.coverageBytes(level);
        }
    }

    private void copyEntries(long sharedPfn, long copyPfn, long start, LeafEdit onCopy) {
        int step = 1;
        for (int i = 0; i < mode.entriesPerTable(); i += step) {
            long offset = (long) i * mode.entryBytes();
            long virtAddr = start + i * mode.coverageBytes(0);
            long sharedAddr = (sharedPfn << PhysicalMemory.FRAME_SHIFT) + offset;
            long pte = context.memory().read64(sharedAddr);
            boolean contiguous = format.isContiguous(pte, 0);
            step = contiguous ? PteFormat.CONTIGUOUS_PAGES : 1;
            accounting.entriesRead(virtAddr, step);
            if (!format.holdsLeaf(pte, 0)) {
                continue;
            }
            long copy = onCopy.edit(virtAddr, contiguous ? context.mergedEntry(sharedAddr) : pte, 0);
            for (int k = 0; k < step && copy != 0; k++) {
                context.write((copyPfn << PhysicalMemory.FRAME_SHIFT) + offset + (long) k * mode.entryBytes(), copy);
                accounting.entryWritten(virtAddr);
            }
        }
    }
}
