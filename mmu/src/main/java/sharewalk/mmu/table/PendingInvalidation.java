package sharewalk.mmu.table;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.memory.FrameBatch;
import sharewalk.mmu.paging.PagingMode;

/// The debt owed for a change of a table: the translations that may be stale, and the frames that may not be reused
/// before they are forgotten. It stands in the ledger until [#redeem], or until [#merge] makes it part of another.
public final class PendingInvalidation {
    /// No debt: nothing was changed. The only one that stands in no ledger.
    public static final PendingInvalidation NONE =
            new PendingInvalidation(null, new Stale(ChangeKind.NONE, 0, 0, 0, 0), List.of(), new FrameBatch());

    /// A shared subtree below which something changed, and the first address it translates in the changed table. Kept,
    /// since that table may have left the subtree by the time the debt is paid.
    record Touched(SharedSubtree subtree, long virtAddr) {}

    /// What became stale: addresses of `[start, end)` through the changed table, `pages` 4 KiB pages of leaves among
    /// them, the smallest of which were `leafBytes` long (0 if there were none).
    record Stale(ChangeKind kind, long start, long end, long pages, long leafBytes) {
        Stale and(Stale other) {
            if (kind == ChangeKind.NONE) {
                return other;
            }
            if (other.kind == ChangeKind.NONE) {
                return this;
            }
            return new Stale(
                    kind.and(other.kind),
                    Math.min(start, other.start),
                    Math.max(end, other.end),
                    pages + other.pages,
                    smallest(leafBytes, other.leafBytes));
        }

        /// Returns the smaller one of two sizes that are not 0.
        static long smallest(long leafBytes, long otherBytes) {
            return leafBytes == 0 || (otherBytes != 0 && otherBytes < leafBytes) ? otherBytes : leafBytes;
        }
    }

    /// Addresses `[start, end)` whose translations through one table may be stale.
    public record AffectedRange(PageTable table, long start, long end) {}

    private final @Nullable PageTable table;
    private Stale stale;
    private final List<Touched> touched;
    private final FrameBatch frames;

    private PendingInvalidation(@Nullable PageTable table, Stale stale, List<Touched> touched, FrameBatch frames) {
        this.table = table;
        this.stale = stale;
        this.touched = touched;
        this.frames = frames;
    }

    static PendingInvalidation entered(PageTable table, Stale stale, List<Touched> touched, FrameBatch frames) {
        PendingInvalidation pending = new PendingInvalidation(table, stale, touched, frames);
        table.context().ledger().enter(pending);
        return pending;
    }

    /// Returns what kind of change it was, the gravest one of several.
    public ChangeKind kind() {
        return stale.kind;
    }

    /// Returns whether cached table entries may be stale too, not only leaves.
    public boolean includesTables() {
        return stale.kind == ChangeKind.TABLES_FREED;
    }

    /// Returns the first address that may be stale through the changed table.
    public long start() {
        return stale.start;
    }

    /// Returns the first address after those that may be stale; equal to `start()` when nothing is.
    public long end() {
        return stale.end;
    }

    /// Returns the number of 4 KiB pages whose leaves were changed. The range may be longer.
    public long pages() {
        return stale.pages;
    }

    /// Returns the size of the smallest leaf that was changed: how far apart the addresses of the range lie that are to
    /// be forgotten. The smallest page where no leaf was.
    public long strideBytes() {
        return stale.leafBytes == 0 ? PagingMode.PAGE_BYTES : stale.leafBytes;
    }

    /// Returns the shared subtrees below which entries were changed, for all their sharers.
    public List<SharedSubtree> subtrees() {
        return touched.stream().map(Touched::subtree).distinct().toList();
    }

    /// Returns every range that may be stale: that of the changed table first, then, for each changed shared subtree,
    /// the same bytes as seen through its other attach points. Empty when nothing is stale.
    public List<AffectedRange> affected() {
        if (table == null || stale.kind == ChangeKind.NONE) {
            return List.of();
        }
        Set<AffectedRange> ranges = new LinkedHashSet<>();
        ranges.add(new AffectedRange(table, stale.start, stale.end));
        for (Touched place : touched) {
            addOtherAttachments(place, table, ranges);
        }
        return List.copyOf(ranges);
    }

    private void addOtherAttachments(Touched place, PageTable changed, Set<AffectedRange> ranges) {
        long from = Math.max(stale.start, place.virtAddr);
        long to = Math.min(stale.end, place.virtAddr + place.subtree.coverageBytes());
        for (SharedSubtree.Attachment other : place.subtree.attachments()) {
            if (from < to && (other.table() != changed || other.virtAddr() != place.virtAddr)) {
                long shift = other.virtAddr() - place.virtAddr;
                ranges.add(new AffectedRange(other.table(), from + shift, to + shift));
            }
        }
    }

    /// Adds references to drop when this debt is redeemed, and returns it.
    ///
    /// Preconditions: this is not [#NONE], or `batch` is empty.
    public PendingInvalidation releasing(FrameBatch batch) {
        if (table == null && !batch.isEmpty()) {
            throw new IllegalStateException("frames released by a change that changed nothing");
        }
        frames.addAll(batch);
        return this;
    }

    /// Returns one debt for both: the hull of the ranges, the gravest kind, the frames of both. Neither of the two is
    /// to be redeemed by itself then.
    ///
    /// Preconditions: both changed the same table.
    public PendingInvalidation merge(PendingInvalidation other) {
        if (table == null) {
            return other;
        }
        if (other.table == null) {
            return this;
        }
        if (table != other.table) {
            throw new IllegalArgumentException("changes of two tables: " + this + " and " + other);
        }
        table.context().ledger().merge(other, this);
        stale = stale.and(other.stale);
        frames.addAll(other.frames);
        for (Touched place : other.touched) {
            if (!touched.contains(place)) {
                touched.add(place);
            }
        }
        return this;
    }

    /// Strikes the debt from the ledger and releases its frames.
    ///
    /// Preconditions: nothing stale is held by any hart any more.
    public void redeem(InvalidationLedger ledger) {
        if (table == null) {
            return;
        }
        ledger.redeem(this);
        frames.release(table.context().frames());
    }

    @Override
    public String toString() {
        return "%s [%#x, %#x)".formatted(stale.kind, stale.start, stale.end);
    }
}
