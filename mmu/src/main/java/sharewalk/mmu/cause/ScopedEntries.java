package sharewalk.mmu.cause;

import java.util.Arrays;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PageSize;
import sharewalk.mmu.tlb.Tlb;
import sharewalk.mmu.tlb.TlbEntryVisitor;
import sharewalk.mmu.tlb.TlbTag;

/// The entries of a TLB that an invalidation reaches, each decided on by a [Rule].
final class ScopedEntries implements TlbEntryVisitor {
    /// A range of more pages than this is looked for entry by entry.
    private static final int MOST_PAGES_BY_NAME = 32;

    private static final long PAGE_BYTES = 4096;
    private static final int EVERY_SPACE = -2;

    /// What becomes of an entry.
    interface Rule {
        /// The entry goes.
        long DROP = -1;

        /// Returns what takes the place of the translation in a slot, or [#DROP].
        long apply(Tlb tlb, int slot);
    }

    private long[] tags = new long[64];
    private int found;
    private int space;

    /// Applies a rule to every entry of `tlb` that `scope` names, its ASID being `inSpace` there.
    void visit(Tlb tlb, InvalidationScope scope, int inSpace, Rule rule) {
        found = 0;
        space = inSpace;
        switch (scope) {
            case InvalidationScope.Page(int _, long virtAddr, boolean _) -> range(tlb, virtAddr, virtAddr + 1, rule);
            case InvalidationScope.Range(int _, long start, long end, boolean _) -> range(tlb, start, end, rule);
            case InvalidationScope.Asid _ -> every(tlb, Long.MIN_VALUE, Long.MAX_VALUE, rule);
            case InvalidationScope.All _ -> {
                space = EVERY_SPACE;
                every(tlb, Long.MIN_VALUE, Long.MAX_VALUE, rule);
            }
        }
    }

    private void range(Tlb tlb, long start, long end, Rule rule) {
        boolean isShort = Long.compareUnsigned(end - start, MOST_PAGES_BY_NAME * PAGE_BYTES) <= 0;
        if (!isShort || mayHoldPieces(tlb)) {
            every(tlb, start, end, rule);
            return;
        }
        for (long virtAddr = start & -PAGE_BYTES; virtAddr < end; virtAddr += PAGE_BYTES) {
            int slot = tlb.find(space, virtAddr);
            // A larger page is found again at each of its addresses.
            boolean isNew = slot != Tlb.NO_SLOT && (virtAddr < start || isFirst(tlb.tag(slot), virtAddr, start));
            if (isNew && !TlbTag.isGlobal(tlb.tag(slot))) {
                apply(tlb, slot, rule);
            }
        }
    }

    private static boolean isFirst(long tag, long virtAddr, long start) {
        return virtAddr == Math.max(TlbTag.virtAddr(tag), start & -PAGE_BYTES);
    }

    private static boolean mayHoldPieces(Tlb tlb) {
        for (PageSize size : PageSize.values()) {
            if (tlb.heldShift(size.shift()) != size.shift()) {
                return true;
            }
        }
        return false;
    }

    private void every(Tlb tlb, long start, long end, Rule rule) {
        tlb.forEachEntry(this);
        for (int i = 0; i < found; i++) {
            long tag = tags[i];
            int slot = tlb.find(Math.max(TlbTag.asid(tag), 0), TlbTag.virtAddr(tag));
            if (slot != Tlb.NO_SLOT && overlaps(tag, tlb.leafShift(slot), start, end)) {
                apply(tlb, slot, rule);
            }
        }
    }

    /// Returns whether the page that an entry holds, or holds a piece of, shares an address with `[start, end)`.
    private static boolean overlaps(long tag, int leafShift, long start, long end) {
        long first = TlbTag.virtAddr(tag) & -(1L << leafShift);
        return first < end && start <= first + (1L << leafShift) - 1;
    }

    @Override
    public void visit(long tag, long translation) {
        if (space == EVERY_SPACE || TlbTag.asid(tag) == space) {
            if (found == tags.length) {
                tags = Arrays.copyOf(tags, 2 * found);
            }
            tags[found++] = tag;
        }
    }

    private static void apply(Tlb tlb, int slot, Rule rule) {
        long after = rule.apply(tlb, slot);
        if (after == Rule.DROP) {
            long tag = tlb.tag(slot);
            tlb.invalidateEvery(Math.max(TlbTag.asid(tag), 0), TlbTag.virtAddr(tag));
        } else {
            tlb.replaceTranslation(slot, after);
        }
    }
}
