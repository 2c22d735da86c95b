package sharewalk.mmu.table;

import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.PteFormat;

/// The unlinking of every table page below one page, all of one owner.
final class Teardown {
    private final TableContext context;
    private final PagingMode mode;
    private final PteFormat format;
    private final TablePages pages;
    private final TableChange change;
    private final LeafVisitor onLeaf;

    Teardown(TableContext context, TablePages pages, TableChange change, LeafVisitor onLeaf) {
        this.context = context;
        this.mode = context.mode();
        this.format = mode.format();
        this.pages = pages;
        this.change = change;
        this.onLeaf = onLeaf;
    }

    /// Clears a table page of `level` that translates addresses from `start` on, visiting the leaves, and unlinks all
    /// pages below it.
    void clear(long tablePfn, int level, long start) {
        long entryAddr = tablePfn << PhysicalMemory.FRAME_SHIFT;
        long virtAddr = start;
        for (int i = 0; i < mode.entriesPerTable(); i++) {
            long pte = context.memory().read64(entryAddr);
            if (pte != 0) {
                pages.accounting().entriesRead(virtAddr, 1);
                if (format.isTable(pte, level)) {
                    long child = format.pfn(pte);
                    clear(child, level - 1, virtAddr);
                    pages.unlinked(level - 1, virtAddr);
                    change.frames().add(child);
                } else if (!format.isContiguous(pte, level)) {
                    onLeaf.leaf(virtAddr, pte, level);
                } else if (i % PteFormat.CONTIGUOUS_PAGES == 0) {
                    onLeaf.leaf(virtAddr, context.mergedEntry(entryAddr), level);
                }
                context.write(entryAddr, 0);
                pages.accounting().entryWritten(virtAddr);
            }
            entryAddr += mode.entryBytes();
            virtAddr += mode.coverageBytes(level);
        }
    }
}
