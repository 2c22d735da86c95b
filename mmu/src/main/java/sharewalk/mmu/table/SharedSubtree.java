package sharewalk.mmu.table;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table page, with everything below it, that may hang under several tables at once: all of them see the same
/// entries. It knows every place where it is attached, and its frame has one reference for each.
///
/// It lives from its creation to its last detachment, or until the last table it is attached to reclaims its pages.
/// When it has a host, only the host's table changes entries below it, and the host attaches first and detaches last;
/// without one any table it is attached to may. Subtrees do not nest.
public final class SharedSubtree {
    /// A place where a subtree is attached: the first address that it translates there.
    public record Attachment(PageTable table, long virtAddr) {}

    private final TableContext context;
    private final int level;
    private final long pfn;
    private final TablePages pages;
    private final @Nullable PageTable host;
    private final List<Attachment> attachments = new ArrayList<>();
    private boolean freed;
    private boolean guarded;

    private SharedSubtree(TableContext context, int level, TablePages pages, @Nullable PageTable host) {
        if (level < 0 || level >= context.mode().rootLevel()) {
            throw new IllegalArgumentException("level %d has no level above it in %s".formatted(level, context.mode()));
        }
        this(context, level, pages, host, pages.allocate(level, 0));
    }

    private SharedSubtree(TableContext context, int level, TablePages pages, @Nullable PageTable host, long pfn) {
        this.context = context;
        this.level = level;
        this.pages = pages;
        this.pfn = pfn;
        this.host = host;
    }

    /// Returns a new, empty subtree whose top page is a table page of `level`, and that every table it is attached to
    /// may change.
    ///
    /// @throws OutOfFramesException when RAM is used up
    public static SharedSubtree create(TableContext context, int level, TableAccounting accounting) {
        return new SharedSubtree(context, level, new TablePages(context, accounting), null);
    }

    /// Returns a new, empty subtree that only `host` may change, and whose table pages are on the host's account.
    ///
    /// @throws OutOfFramesException when RAM is used up
    public static SharedSubtree createHosted(PageTable host, int level) {
        TablePages pages = new TablePages(host.context(), host.pages().accounting());
        return new SharedSubtree(host.context(), level, pages, host);
    }

    /// Returns a subtree whose top page is one that a table had for itself; who owns it and what lies below is the
    /// caller's to change.
    static SharedSubtree ofOwnPage(TableContext context, int level, long pfn, TableAccounting accounting) {
        return new SharedSubtree(context, level, new TablePages(context, accounting), null, pfn);
    }

    /// Returns the level of the top page; the entries that point at it are one level above.
    public int level() {
        return level;
    }

    /// Returns the frame of the top page.
    public long pfn() {
        return pfn;
    }

    /// Returns the number of bytes of addresses that the subtree translates.
    public long coverageBytes() {
        return context.mode().tableCoverageBytes(level);
    }

    /// Returns every place where the subtree is attached, in the order of attaching, the host's included.
    public List<Attachment> attachments() {
        return List.copyOf(attachments);
    }

    /// Returns the number of places where the subtree is attached, the host's not counted.
    public int sharers() {
        int sharers = 0;
        for (Attachment attachment : attachments) {
            sharers += attachment.table == host ? 0 : 1;
        }
        return sharers;
    }

    /// Returns the table that alone may change entries here, if there is one.
    public @Nullable PageTable host() {
        return host;
    }

    /// Returns whether the entries that point at the top page take the right to write from everything below.
    public boolean isGuarded() {
        return guarded;
    }

    /// Returns the number of table pages, the top one included, 0 once freed.
    public long tablePages() {
        return pages.count();
    }

    /// Frees a subtree that was never attached.
    public void discard() {
        if (freed || !attachments.isEmpty()) {
            throw new IllegalStateException(this + " is in use or gone");
        }
        freed = true;
        pages.unlinked(level, 0);
        context.frames().release(pfn);
    }

    boolean isEditableBy(PageTable table) {
        return host == null || host == table;
    }

    TablePages pages() {
        return pages;
    }

    /// Returns the entry that points at the top page.
    long pointer() {
        return guarded ? context.format().guardedTable(pfn) : context.format().table(pfn);
    }

    void guard() {
        guarded = true;
    }

    /// Throws unless the subtree has no host and is attached at one place only.
    void requireUnshared() {
        if (host != null || attachments.size() != 1) {
            throw new IllegalStateException(
                    "%s has %d attachments and %s host".formatted(this, attachments.size(), host == null ? "no" : "a"));
        }
    }

    /// Ends a subtree whose pages belong to a table again.
    void dissolved() {
        freed = true;
        attachments.clear();
    }

    void attached(PageTable table, long virtAddr) {
        if (freed) {
            throw new IllegalStateException(this + " is gone");
        }
        if (host != null && host != table && attachments.isEmpty()) {
            throw new IllegalStateException(this + " is not attached to its host yet");
        }
        // The first attachment takes over the reference that the frame was handed out with.
        if (!attachments.isEmpty()) {
            context.frames().retain(pfn);
        }
        attachments.add(new Attachment(table, virtAddr));
    }

    void requireDetachable(PageTable table) {
        if (table == host && sharers() > 0) {
            throw new IllegalStateException(this + " still has sharers: its host detaches last");
        }
    }

    /// Forgets one attachment; the last one frees the subtree, visiting the leaves still mapped.
    void detached(PageTable table, long virtAddr, TableChange change, LeafVisitor onLastLeaf) {
        if (attachments.size() == 1) {
            new Teardown(context, pages, change, onLastLeaf).clear(pfn, level, virtAddr);
            pages.unlinked(level, 0);
            freed = true;
        }
        attachments.remove(new Attachment(table, virtAddr));
        change.frames().add(pfn);
    }

    @Override
    public String toString() {
        return "shared subtree of level %d in frame %#x".formatted(level, pfn);
    }
}
