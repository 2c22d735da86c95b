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
    private int shift;
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
        shift = context.format().leafShift(pte, level);
        if (isContiguous()) {
            pte = context.mergedEntry(entryAddr);
        }
    }

    /// Widens the place to the entries of the contiguous page around it.
    ///
    /// @throws IllegalStateException if smaller pages are mapped there
    void widen() {
        if (!isContiguous()) {
            if (pte != 0 || !context.isEmptyContiguous(entryAddr)) {
                throw new IllegalStateException("smaller pages are mapped at %#x".formatted(virtAddr));
            }
            shift = PteFormat.CONTIGUOUS_SHIFT;
        }
    }

    /// Replaces the entry in memory, or all entries of a contiguous page; [#pte] keeps telling the old one.
    void write(long newPte) {
        if (isContiguous()) {
            context.writeContiguous(entryAddr, newPte);
            for (int i = 0; i < PteFormat.CONTIGUOUS_PAGES; i++) {
                accounting.entryWritten(virtAddr);
            }
        } else {
            context.write(entryAddr, newPte);
            accounting.entryWritten(virtAddr);
        }
    }

    /// Returns whether the place is the entries of a contiguous page.
    boolean isContiguous() {
        return level == 0 && shift == PteFormat.CONTIGUOUS_SHIFT;
    }

    /// Returns the first address that the entry or the contiguous page translates.
    long pageStart() {
        return virtAddr & -pageBytes();
    }

    /// Returns the number of bytes that the entry or the contiguous page translates.
    long pageBytes() {
        return 1L << shift;
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

    /// Returns the entry; that of a contiguous page is accessed or dirty if any of its entries is.
    long pte() {
        return pte;
    }

    /// Returns the entry with what rights it has together with those above it.
    long effectivePte() {
        return effective(pte);
    }

    /// Returns what rights a leaf here, or none, has together with those above it.
    long effective(long leaf) {
        PteFormat format = context.format();
        return below != null && below.isGuarded() && format.holdsLeaf(leaf, level)
                ? format.withPermissions(leaf, format.permissions(leaf).withoutWrite())
                : leaf;
    }

    @Nullable
    SharedSubtree below() {
        return below;
    }
}
