package sharewalk.mmu.table;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.memory.PhysicalMemory;

/// The page table of one address space: its root, its own table pages, and the shared subtrees attached to it. It
/// maps the user half only. Its content is read and changed through a [TableCursor].
public final class PageTable {
    private final TableContext context;
    private final TablePages pages;
    private final long rootPfn;
    private final TableCursor cursor;
    private final TableCursor hardwareCursor;

    /// By the first address each translates.
    private final TreeMap<Long, SharedSubtree> attached = new TreeMap<>();

    private boolean destroyed;

    private PageTable(TableContext context, TableAccounting accounting) {
        this.context = context;
        this.pages = new TablePages(context, accounting);
        this.rootPfn = pages.allocate(context.mode().rootLevel(), 0);
        this.cursor = new TableCursor(this, accounting);
        this.hardwareCursor = new TableCursor(this, TableAccounting.NONE);
    }

    /// Returns a new, empty table.
    ///
    /// @throws OutOfFramesException when RAM is used up
    public static PageTable create(TableContext context, TableAccounting accounting) {
        return new PageTable(context, accounting);
    }

    /// Returns the frame of the root page.
    public long rootPfn() {
        return rootPfn;
    }

    /// Returns what this table has in common with the others of its machine.
    public TableContext context() {
        return context;
    }

    /// Returns the cursor for software: what it reads and writes is on the table's account.
    public TableCursor cursor() {
        return cursor;
    }

    /// Returns a cursor for what hardware would do, or an observer: the entries it reads and writes are on no account.
    public TableCursor hardwareCursor() {
        return hardwareCursor;
    }

    /// Returns the number of this table's own pages: the root counts, pages of attached subtrees do not.
    public long tablePages() {
        return pages.count();
    }

    /// Detaches every subtree and frees every own table page. Nothing may use the table afterwards.
    ///
    /// Preconditions: no leaf is mapped outside shared subtrees that others stay attached to. The frames of
    /// leaves are their users' to release.
    public PendingInvalidation destroy() {
        if (destroyed) {
            throw new IllegalStateException("destroyed before: " + this);
        }
        PendingInvalidation pending = PendingInvalidation.NONE;
        while (!attached.isEmpty()) {
            pending = pending.merge(cursor.detach(attached.firstKey()));
        }
        TableChange change = new TableChange(this);
        change.windowChanged(ChangeKind.TABLES_FREED, 0, context.mode().userEnd());
        new Teardown(context, pages, change, TableCursor.REFUSE_LEAF)
                .clear(rootPfn, context.mode().rootLevel(), 0);
        pages.unlinked(context.mode().rootLevel(), 0);
        change.frames().add(rootPfn);
        destroyed = true;
        return change.toPending().merge(pending);
    }

    /// Returns the account of the table's own pages.
    public TableAccounting accounting() {
        return pages.accounting();
    }

    TablePages pages() {
        return pages;
    }

    /// Returns the subtree whose top page `tablePfn` was reached by translating an address, or null for a page of the
    /// table's own.
    @Nullable
    SharedSubtree subtreeAt(long virtAddr, long tablePfn) {
        return pages.owns(tablePfn) ? null : attachedAt(virtAddr);
    }

    /// Returns the attached subtree that translates an address, or null.
    @Nullable
    SharedSubtree attachedAt(long virtAddr) {
        Map.Entry<Long, SharedSubtree> nearest = attached.floorEntry(virtAddr);
        return nearest != null
                        && virtAddr - nearest.getKey() < nearest.getValue().coverageBytes()
                ? nearest.getValue()
                : null;
    }

    /// Returns whether a shared subtree is attached in `[start, end)`, of which each end is a boundary of one or
    /// of what lies around it.
    boolean hasAttachedIn(long start, long end) {
        return attachedAt(start) != null || !attached.subMap(start, end).isEmpty();
    }

    SortedMap<Long, SharedSubtree> attachedIn(long start, long end) {
        return attached.subMap(start, end);
    }

    void addAttached(long virtAddr, SharedSubtree subtree) {
        attached.put(virtAddr, subtree);
    }

    void removeAttached(long virtAddr) {
        attached.remove(virtAddr);
    }

    /// Returns the subtree attached at this address and not at one below.
    SharedSubtree attachedExactlyAt(long virtAddr) {
        SharedSubtree subtree = attached.get(virtAddr);
        if (subtree == null) {
            throw new IllegalStateException("no shared subtree is attached at %#x".formatted(virtAddr));
        }
        return subtree;
    }

    void requireUserRange(long start, long end) {
        if (destroyed) {
            throw new IllegalStateException("used after its end: " + this);
        }
        if (start < 0 || end > context.mode().userEnd() || start > end) {
            throw new IllegalArgumentException("[%#x, %#x) is not in the user half".formatted(start, end));
        }
        if (((start | end) & (PhysicalMemory.FRAME_BYTES - 1)) != 0) {
            throw new IllegalArgumentException("[%#x, %#x) is not whole pages".formatted(start, end));
        }
    }

    @Override
    public String toString() {
        return "%s table in frame %#x".formatted(context.mode(), rootPfn);
    }
}
