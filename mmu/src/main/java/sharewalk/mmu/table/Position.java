package sharewalk.mmu.table;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.paging.PteFormat;

/// A place in a table: an entry, the address that led to it, and the shared subtree it lies in, if any. Reusable.
final class Position {
    private final PageTable table;
    private final TableContext context;
    private final TableAccounting accounting;
    private long virtAddr;
    private int level;
    private long entryAddr;
    private long pte;
    private @Nullable SharedSubtree below;

    Position(PageTable table, TableAccounting accounting) {
        this.table = table;
        this.context = table.context();
        this.accounting = accounting;
    }

    /// Moves to the entry where the translation of an address ends, but not below `lowestLevel`.
    void descend(long address, int lowestLevel) {
        PteFormat format = context.format();
        move(table.rootPfn(), address, context.mode().rootLevel(), null);
        while (level > lowestLevel && format.isTable(pte, level)) {
            long child = format.pfn(pte);
            move(child, address, level - 1, below != null ? below : table.subtreeAt(address, child));
        }
        accounting.entriesRead(address, context.mode().rootLevel() - level + 1);
    }

    /// Writes an entry that leads to a new table page of the same owner, and moves into that.
    void enter(long child) {
        write(context.format().table(child));
        set(child, virtAddr, level - 1, below);
    }

    /// Moves to the entry for an address in a given table page.
    void set(long tablePfn, long address, int tableLevel, @Nullable SharedSubtree subtree) {
        move(tablePfn, address, tableLevel, subtree);
        accounting.entriesRead(address, 1);
    }

    private void move(long tablePfn, long address, int tableLevel, @Nullable SharedSubtree subtree) {
        virtAddr = address;
        level = tableLevel;
        entryAddr = context.entryAddr(tablePfn, address, tableLevel);
        pte = context.memory().read64(entryAddr);
        below = subtree;
    }

    /// Replaces the entry in memory; [#pte] keeps telling the old one.
    void write(long newPte) {
        context.write(entryAddr, newPte);
        accounting.entryWritten(virtAddr);
    }

    /// Returns the owner of the table page that the entry lies in.
    TablePages pages() {
        return below == null ? table.pages() : below.pages();
    }

    /// Throws unless the table may change entries here.
    void requireEditable() {
        if (below != null && !below.isEditableBy(table)) {
            throw new IllegalStateException(
                    "%#x lies in a shared subtree that only its host may change".formatted(virtAddr));
        }
    }

    boolean holdsLeaf() {
        return context.format().holdsLeaf(pte, level);
    }

    long virtAddr() {
        return virtAddr;
    }

    int level() {
        return level;
    }

    /// Returns where the entry lies in memory.
    long entryAddr() {
        return entryAddr;
    }

    long pte() {
        return pte;
    }

    @Nullable
    SharedSubtree below() {
        return below;
    }
}
