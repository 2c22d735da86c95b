package sharewalk.mmu.table;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;

/// The way to read and change a [PageTable]. Reading looks through shared subtrees; changing below one is refused
/// unless the subtree lets this table. A superpage or contiguous page is changed as a whole or not at all. The leaf of
/// a contiguous page is shown once for all its entries, accessed or dirty if any of them is, and written to all. Frames
/// of leaves are never retained or released here: see [PendingInvalidation#releasing].
public final class TableCursor {
    static final LeafVisitor REFUSE_LEAF = (virtAddr, pte, level) -> {
        throw new IllegalStateException("a page is still mapped at %#x (entry %#x)".formatted(virtAddr, pte));
    };

    private final PageTable table;
    private final TableContext context;
    private final PagingMode mode;
    private final PteFormat format;
    private final TableAccounting accounting;
    private final Position position;
    private final Ownership ownership;

    TableCursor(PageTable table, TableAccounting accounting) {
        this.table = table;
        this.context = table.context();
        this.mode = context.mode();
        this.format = mode.format();
        this.accounting = accounting;
        this.position = new Position(table, accounting);
        this.ownership = new Ownership(table, accounting);
    }

    /// Returns the leaf entry that maps an address, or 0 where software has mapped nothing. A held entry is returned
    /// too: ask [PteFormat#isPresent]. Below a guarded subtree it lacks the right to write, whatever is in memory.
    public long pteAt(long virtAddr) {
        descend(virtAddr, 0);
        return position.holdsLeaf() ? position.effectivePte() : 0;
    }

    /// Returns the level of the entry where the translation of an address ends: a leaf or an absent entry.
    public int levelAt(long virtAddr) {
        descend(virtAddr, 0);
        return position.level();
    }

    /// Returns the frame that holds an address, by the leaf that maps it, whatever size that has.
    ///
    /// Preconditions: there is one.
    public long frameAt(long virtAddr) {
        descend(virtAddr, 0);
        if (!position.holdsLeaf()) {
            throw new IllegalStateException("nothing is mapped at %#x".formatted(virtAddr));
        }
        long inPage = virtAddr & (position.pageBytes() - 1);
        return format.leafPfn(position.pte(), position.level()) + (inPage >>> PagingMode.PAGE_SHIFT);
    }

    /// Maps `pfn` at `virtAddr` with a leaf of `level`, in place of what leaf was there, allocating the tables above.
    /// The leaf is accessed, and dirty as told.
    ///
    /// Preconditions: address and frame are multiples of the leaf's size; no page is mapped by a smaller or larger
    /// leaf.
    ///
    /// @throws OutOfFramesException when RAM is used up
    public PendingInvalidation map(long virtAddr, long pfn, Permissions permissions, int level, boolean dirty) {
        if (((pfn << PagingMode.PAGE_SHIFT | virtAddr) & (mode.coverageBytes(level) - 1)) != 0) {
            throw new IllegalArgumentException(
                    "address %#x or frame %#x is not aligned for level %d".formatted(virtAddr, pfn, level));
        }
        if (format.isReserved(format.leaf(pfn, Permissions.USER_READ, level), level)) {
            throw new IllegalArgumentException("no leaf of level %d can map frame %#x".formatted(level, pfn));
        }
        TableChange change = new TableChange(table);
        descendAllocating(virtAddr, level, change);
        if (position.isContiguous()) {
            throw new IllegalStateException("a contiguous page is mapped at %#x".formatted(virtAddr));
        }
        long leaf = format.leaf(pfn, permissions, level);
        replaceLeaf(dirty ? format.withDirty(leaf) : leaf, change);
        return change.toPending();
    }

    /// Maps [PteFormat#CONTIGUOUS_PAGES] frames from `pfn` on at `virtAddr` as one contiguous page, in place of what
    /// contiguous page was there, otherwise as [#map].
    ///
    /// Preconditions: address and frame are multiples of its size; no page is mapped by a smaller or larger leaf;
    /// harts have such pages (Svnapot).
    ///
    /// @throws OutOfFramesException when RAM is used up
    public PendingInvalidation mapContiguous(long virtAddr, long pfn, Permissions permissions, boolean dirty) {
        if (((pfn << PagingMode.PAGE_SHIFT | virtAddr) & ((1L << PteFormat.CONTIGUOUS_SHIFT) - 1)) != 0) {
            throw new IllegalArgumentException(
                    "address %#x or frame %#x is not aligned for a contiguous page".formatted(virtAddr, pfn));
        }
        long leaf = format.contiguousLeaf(pfn, permissions);
        TableChange change = new TableChange(table);
        descendAllocating(virtAddr, 0, change);
        position.widen();
        replaceLeaf(dirty ? format.withDirty(leaf) : leaf, change);
        return change.toPending();
    }

    /// Removes the leaf that maps an address, if there is one. Tables stay.
    public PendingInvalidation unmap(long virtAddr) {
        TableChange change = new TableChange(table);
        descend(virtAddr, 0);
        if (position.holdsLeaf()) {
            position.requireEditable();
            replaceLeaf(0, change);
        }
        return change.toPending();
    }

    /// Changes the leaf that maps an address.
    ///
    /// Preconditions: there is one.
    public PendingInvalidation edit(long virtAddr, LeafEdit edit) {
        TableChange change = new TableChange(table);
        descend(virtAddr, 0);
        if (!position.holdsLeaf()) {
            throw new IllegalStateException("nothing is mapped at %#x".formatted(virtAddr));
        }
        applyEdit(position, edit, change);
        return change.toPending();
    }

    /// Removes every leaf of `[start, end)`, visiting each before, and unlinks the tables that became empty and
    /// translate no address outside the range.
    public PendingInvalidation unmapRange(long start, long end, LeafVisitor onLeaf) {
        TableChange change = new TableChange(table);
        clearLeaves(start, end, onLeaf, change);
        new EmptyTables(table, change, start, end).unlink(start, end);
        return change.toPending();
    }

    /// Removes every leaf of `[start, end)`, visiting each before. Tables stay.
    public PendingInvalidation clearRange(long start, long end, LeafVisitor onLeaf) {
        TableChange change = new TableChange(table);
        clearLeaves(start, end, onLeaf, change);
        return change.toPending();
    }

    /// Unlinks every empty table that translates an address of `[start, end)` and none outside `[floor, ceiling)`:
    /// the free space around a removed mapping.
    public PendingInvalidation freeTables(long start, long end, long floor, long ceiling) {
        TableChange change = new TableChange(table);
        new EmptyTables(table, change, floor, ceiling).unlink(start, end);
        return change.toPending();
    }

    /// Changes every leaf of `[start, end)`.
    public PendingInvalidation protectRange(long start, long end, LeafEdit edit) {
        TableChange change = new TableChange(table);
        new RangeWalk(table, accounting, at -> {
                    requireWhole(at, start, end);
                    applyEdit(at, edit, change);
                })
                .run(start, end);
        return change.toPending();
    }

    /// Visits every leaf of `[start, end)`, also below shared subtrees, as [#pteAt] shows it. The visitor must not
    /// change this table.
    public void forEachLeaf(long start, long end, LeafVisitor visitor) {
        new RangeWalk(table, accounting, at -> visitor.leaf(at.pageStart(), at.effectivePte(), at.level()))
                .run(start, end);
    }

    /// Attaches a shared subtree so that it translates the addresses from `virtAddr` on, allocating the tables above.
    ///
    /// Preconditions: the address is a multiple of the subtree's coverage; nothing is mapped in the window.
    ///
    /// @throws OutOfFramesException when RAM is used up
    public PendingInvalidation attach(long virtAddr, SharedSubtree subtree) {
        if ((virtAddr & (subtree.coverageBytes() - 1)) != 0) {
            throw new IllegalArgumentException("%#x is not aligned for %s".formatted(virtAddr, subtree));
        }
        TableChange change = new TableChange(table);
        descendAllocating(virtAddr, subtree.level() + 1, change);
        if (position.below() != null || context.memory().read64(position.entryAddr()) != 0) {
            throw new IllegalStateException("something is mapped or attached at %#x".formatted(virtAddr));
        }
        subtree.attached(table, virtAddr);
        table.addAttached(virtAddr, subtree);
        position.write(subtree.pointer());
        change.windowChanged(ChangeKind.ADDED, virtAddr, subtree.coverageBytes());
        return change.toPending();
    }

    /// Detaches the shared subtree attached at `virtAddr`. The last detachment frees it.
    ///
    /// Preconditions: if it is the last, no leaf is mapped below the subtree.
    public PendingInvalidation detach(long virtAddr) {
        return detach(virtAddr, REFUSE_LEAF);
    }

    /// Detaches the shared subtree attached at `virtAddr`. The last detachment frees it, visiting the leaves still
    /// mapped below.
    public PendingInvalidation detach(long virtAddr, LeafVisitor onLastLeaf) {
        TableChange change = new TableChange(table);
        SharedSubtree subtree = table.attachedExactlyAt(virtAddr);
        subtree.requireDetachable(table);
        table.removeAttached(virtAddr);
        position.descend(virtAddr, subtree.level() + 1);
        position.write(0);
        subtree.detached(table, virtAddr, change, onLastLeaf);
        change.windowChanged(ChangeKind.TABLES_FREED, virtAddr, subtree.coverageBytes());
        return change.toPending();
    }

    /// Returns the attached shared subtree that translates an address, or null.
    public @Nullable SharedSubtree attachedAt(long virtAddr) {
        return table.attachedAt(virtAddr);
    }

    /// Returns the shared subtrees attached at addresses of `[start, end)`, by address.
    public SortedMap<Long, SharedSubtree> attachedIn(long start, long end) {
        return new TreeMap<>(table.attachedIn(start, end));
    }

    /// Returns whether a table page of `level` that is this table's own translates an address.
    public boolean hasOwnTable(long virtAddr, int level) {
        return ownership.hasOwnTable(virtAddr, level);
    }

    /// Makes the own table page of `level` that translates an address, with everything below it, a shared subtree
    /// without a host, attached here. The pages move to `subtreeAccounting`; no entry changes, so nothing is owed.
    ///
    /// Preconditions: [#hasOwnTable]; no subtree is attached below.
    public SharedSubtree share(long virtAddr, int level, TableAccounting subtreeAccounting) {
        return ownership.share(virtAddr, level, subtreeAccounting);
    }

    /// Takes the right to write from everything below the subtree attached at `virtAddr` by the entry that points at
    /// it, and by those of all who attach it later. Leaves keep theirs.
    ///
    /// Preconditions: [PteFormat#guardsTables]; it has no host and is attached nowhere else.
    public PendingInvalidation guard(long virtAddr) {
        return ownership.guard(virtAddr);
    }

    /// Makes the pages of the subtree attached at `virtAddr` the table's own again: the reverse of [#share] and
    /// [#guard]. No leaf changes.
    ///
    /// Preconditions: it has no host and is attached nowhere else.
    public PendingInvalidation reclaim(long virtAddr) {
        return ownership.reclaim(virtAddr);
    }

    /// Detaches the subtree attached at `virtAddr` and puts an own copy of its page in its place. `onCopy` is asked for
    /// each leaf what the copy gets, 0 for nothing; whoever keeps a frame retains it there.
    ///
    /// Preconditions: the subtree is of level 0, attached elsewhere too, and this table is not its host.
    ///
    /// @throws OutOfFramesException when RAM is used up, with nothing changed
    public PendingInvalidation unshareByCopy(long virtAddr, LeafEdit onCopy) {
        return ownership.unshareByCopy(virtAddr, onCopy);
    }

    private void descend(long virtAddr, int lowestLevel) {
        long page = virtAddr & -mode.coverageBytes(0);
        table.requireUserRange(page, page + mode.coverageBytes(0));
        position.descend(virtAddr, lowestLevel);
    }

    /// Moves to the entry of `level` for an address, making room for a leaf or subtree there.
    private void descendAllocating(long virtAddr, int level, TableChange change) {
        descend(virtAddr, level);
        while (position.level() > level) {
            if (position.holdsLeaf()) {
                throw new IllegalStateException(
                        "a superpage of level %d is mapped at %#x".formatted(position.level(), virtAddr));
            }
            position.requireEditable();
            position.enter(position.pages().allocate(position.level() - 1, virtAddr));
        }
        if (format.isTable(position.pte(), level)) {
            new EmptyTables(table, change, virtAddr, virtAddr + mode.coverageBytes(level))
                    .unlink(virtAddr, virtAddr + mode.coverageBytes(level));
            position.descend(virtAddr, level);
            if (format.isTable(position.pte(), level)) {
                throw new IllegalStateException("smaller pages are mapped at %#x".formatted(virtAddr));
            }
        }
        position.requireEditable();
    }

    private void clearLeaves(long start, long end, LeafVisitor onLeaf, TableChange change) {
        new RangeWalk(table, accounting, at -> {
                    at.requireEditable();
                    requireWhole(at, start, end);
                    onLeaf.leaf(at.virtAddr(), at.pte(), at.level());
                    at.write(0);
                    change.leafReplaced(at, 0);
                })
                .run(start, end);
    }

    private void applyEdit(Position at, LeafEdit edit, TableChange change) {
        at.requireEditable();
        long newPte = edit.edit(at.pageStart(), at.pte(), at.level());
        if (!format.holdsLeaf(newPte, at.level()) || 1L << format.leafShift(newPte, at.level()) != at.pageBytes()) {
            throw new IllegalArgumentException(
                    "%#x is no leaf of level %d and %d bytes".formatted(newPte, at.level(), at.pageBytes()));
        }
        if (newPte != at.pte()) {
            at.write(newPte);
            change.leafReplaced(at, newPte);
        }
    }

    private void replaceLeaf(long newPte, TableChange change) {
        position.write(newPte);
        change.leafReplaced(position, newPte);
    }

    private void requireWhole(Position at, long start, long end) {
        if (at.pageStart() < start || at.pageStart() + at.pageBytes() > end) {
            throw new IllegalArgumentException("[%#x, %#x) cuts the page of %d KiB at %#x"
                    .formatted(start, end, at.pageBytes() >> 10, at.pageStart()));
        }
    }
}
