package sharewalk.mmu.table;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.PteFormat;

/// The unlinking of empty table pages. A page is unlinked only when all addresses it translates lie in
/// `[floor, ceiling)`. The root, the top page of a shared subtree and what the table may not edit stay.
final class EmptyTables {
    private final PageTable table;
    private final TableContext context;
    private final PagingMode mode;
    private final PteFormat format;
    private final TableChange change;
    private final TableAccounting accounting;
    private final long floor;
    private final long ceiling;

    EmptyTables(PageTable table, TableChange change, long floor, long ceiling) {
        this.table = table;
        this.context = table.context();
        this.mode = context.mode();
        this.format = mode.format();
        this.change = change;
        this.accounting = table.pages().accounting();
        this.floor = floor;
        this.ceiling = ceiling;
    }

    /// Unlinks what is empty among the pages that translate an address of `[start, end)`.
    void unlink(long start, long end) {
        table.requireUserRange(start, end);
        unlink(table.rootPfn(), mode.rootLevel(), start, end, null);
    }

    private void unlink(long tablePfn, int level, long start, long end, @Nullable SharedSubtree below) {
        long next;
        for (long virtAddr = start; virtAddr < end; virtAddr = next) {
            long childStart = context.entryStart(virtAddr, level);
            long childEnd = childStart + mode.coverageBytes(level);
            next = Math.min(end, childEnd);
            long entryAddr = context.entryAddr(tablePfn, virtAddr, level);
            long pte = context.memory().read64(entryAddr);
            accounting.entriesRead(virtAddr, 1);
            if (!format.isTable(pte, level)) {
                continue;
            }
            long child = format.pfn(pte);
            SharedSubtree attached = below == null ? table.subtreeAt(virtAddr, child) : null;
            SharedSubtree owner = attached == null ? below : attached;
            if (owner != null && !owner.isEditableBy(table)) {
                continue;
            }
            if (level > 1) {
                unlink(child, level - 1, virtAddr, next, owner);
            }
            if (attached == null && childStart >= floor && childEnd <= ceiling && context.isEmptyTable(child)) {
                context.write(entryAddr, 0);
                accounting.entryWritten(virtAddr);
                (below == null ? table.pages() : below.pages()).unlinked(level - 1, childStart);
                // Linux names the first page of the level-0 table, not of the range (free_pgd_range in mm/memory.c).
                change.tableUnlinked(context.entryStart(virtAddr, 1), child, below);
            }
        }
    }
}
