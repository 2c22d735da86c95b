package sharewalk.mmu.cause;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.cache.PolicyKind;
import sharewalk.mmu.count.MissCause;
import sharewalk.mmu.paging.PageSize;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.Tlb;
import sharewalk.mmu.tlb.TlbArrayGeometry;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.tlb.TlbTag;

/// What has become of pages that one TLB of a shadow does not hold: why it misses by itself.
///
/// Beside the TLB it keeps one of as many entries that are all one set, with LRU replacement: a page which that one
/// still holds made room only because of its set.
final class Fates {
    private static final int HELD_BEFORE = 1;
    private static final int CHANGED_SINCE = 2;

    /// By the size of a page, as a shift: that of what the TLB keeps of it.
    private final byte[] heldShifts = new byte[Long.SIZE];

    private final PageHistory history = new PageHistory();
    private final @Nullable Tlb oneSet;

    /// @param everyAccessSeen whether [#used] is called at each access
    Fates(TlbGeometry geometry, boolean everyAccessSeen) {
        for (PageSize size : PageSize.values()) {
            heldShifts[size.shift()] = (byte) geometry.held(size).shift();
        }
        oneSet = everyAccessSeen
                ? new Tlb(inOneSet(geometry), new HartSeed(0, 0), "oneSet", QuietPageListener.NONE)
                : null;
    }

    private static TlbGeometry inOneSet(TlbGeometry geometry) {
        return new TlbGeometry(geometry.arrays().stream()
                .map(array -> new TlbArrayGeometry(1, array.entries(), PolicyKind.LRU, array.sizes()))
                .toList());
    }

    /// Returns why the TLB does not hold a page.
    MissCause missing(int space, long virtAddr, int leafShift) {
        int before = history.get(key(space, virtAddr, leafShift));
        if (before == 0) {
            return MissCause.COLD;
        }
        if ((before & CHANGED_SINCE) != 0) {
            return MissCause.CHANGED;
        }
        if (oneSet == null) {
            return MissCause.REPLACED;
        }
        return oneSet.find(space, virtAddr) == Tlb.NO_SLOT ? MissCause.CAPACITY : MissCause.CONFLICT;
    }

    /// Notes that the TLB has taken in a page.
    void filled(int space, long virtAddr, int leafShift) {
        history.set(key(space, virtAddr, leafShift), HELD_BEFORE);
    }

    /// Notes that the TLB has been asked for a page and holds it now.
    void used(Tlb tlb, int slot, int space, long virtAddr) {
        if (oneSet == null) {
            return;
        }
        int held = oneSet.find(space, virtAddr);
        if (held == Tlb.NO_SLOT) {
            long tag = tlb.tag(slot);
            oneSet.insert(tag, virtAddr, tlb.translation(slot), tlb.leafShift(slot), Tlb.NO_SLOT);
        } else {
            oneSet.touch(held);
        }
    }

    /// Notes that what the TLB holds of a page, or of pieces of it, is no longer true.
    void changed(int space, long virtAddr, int leafShift) {
        if (heldShifts[leafShift] == leafShift) {
            history.set(key(space, virtAddr, leafShift), HELD_BEFORE | CHANGED_SINCE);
        } else {
            history.setWithin(space, virtAddr, leafShift, HELD_BEFORE | CHANGED_SINCE);
        }
        if (oneSet != null) {
            oneSet.invalidateEvery(space, virtAddr);
        }
    }

    /// Forgets a space.
    void forget(int space) {
        history.forget(space);
        if (oneSet != null) {
            oneSet.invalidateAsid(space);
        }
    }

    /// The page, or its piece around the address if the TLB keeps it in pieces.
    private long key(int space, long virtAddr, int leafShift) {
        return TlbTag.of(space, virtAddr, heldShifts[leafShift], false);
    }
}
