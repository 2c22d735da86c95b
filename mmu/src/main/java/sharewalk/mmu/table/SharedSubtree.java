package sharewalk.mmu.table;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table page, with everything below it, that may hang under several tables at once: all of them see the same
/// entries. It knows every place where it is attached, and its frame has one reference for each.
///
/// It lives from its creation to its last detachment. When it has a host, only the host's table changes entries below
/// it, and the host attaches first and detaches last; without one any table it is attached to may. Subtrees do not
/// nest.
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

    private SharedSubtree(TableContext context, int level, TableAccounting accounting, @Nullable PageTable host) {
        if (level < 0 || level >= context.mode().rootLevel()) {
            throw new IllegalArgumentException("level %d has no level above it in %s".formatted(level, context.mode()));
        }
        this.context = context;
        this.level = level;
        this.pages = new TablePages(context, accounting);
        this.pfn = pages.allocate(level, 0);
        this.host = host;
    }

    /// Returns a new, empty subtree whose top page is a table page of `level`, and that every table it is attached to
    /// may change.
    ///
    /// @throws OutOfFramesException when RAM is used up
    public static SharedSubtree create(TableContext context, int level, TableAccounting accounting) {
        return new SharedSubtree(context, level, accounting, null);
    }

    /// Returns a new, empty subtree that only `host` may change, and whose table pages are on the host's account.
    ///
    /// @throws OutOfFramesException when RAM is used up
    public static SharedSubtree createHosted(PageTable host, int level) {
        return new SharedSubtree(host.context(), level, host.pages().accounting(), host);
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
