package sharewalk.mmu.tlb;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;

/// A hart's TLBs: split first level (fetches, data), and behind it one second level for both or two of their own.
///
/// The second level is neither inclusive nor exclusive: a hit there is copied up, a first-level victim is dropped.
/// Its state follows from the order of first-level misses alone.
public final class TlbHierarchy {
    private final Tlb fetch;
    private final Tlb data;
    private final Tlb secondData;
    private final Tlb secondFetch;
    private final Tlb[] all;

    /// Creates empty TLBs. Only the first level has quiet pages to tell of.
    public TlbHierarchy(
            TlbHierarchyGeometry geometry,
            HartSeed seed,
            QuietPageListener dataListener,
            QuietPageListener fetchListener) {
        fetch = new Tlb(geometry.l1i(), seed, "l1i", fetchListener);
        data = new Tlb(geometry.l1d(), seed, "l1d", dataListener);
        secondData = new Tlb(geometry.l2(), seed, "l2", QuietPageListener.NONE);
        TlbGeometry l2i = geometry.l2i();
        secondFetch = l2i == null ? secondData : new Tlb(l2i, seed, "l2i", QuietPageListener.NONE);
        all = l2i == null ? new Tlb[] {fetch, data, secondData} : new Tlb[] {fetch, data, secondData, secondFetch};
    }

    /// Returns the first-level TLB of an access.
    public Tlb first(AccessType access) {
        return access == AccessType.FETCH ? fetch : data;
    }

    /// Returns the second-level TLB of an access.
    public Tlb second(AccessType access) {
        return access == AccessType.FETCH ? secondFetch : secondData;
    }

    /// Returns a TLB, or null where the hart has no such one.
    public @Nullable Tlb tlb(TlbName name) {
        return switch (name) {
            case L1I -> fetch;
            case L1D -> data;
            case L2 -> secondData;
            case L2I -> all.length == 4 ? secondFetch : null;
        };
    }

    /// Returns how often two sizes came to be cached for one address, over all TLBs ([Tlb#sizeConflicts]).
    public long sizeConflicts() {
        long conflicts = 0;
        for (Tlb tlb : all) {
            conflicts += tlb.sizeConflicts();
        }
        return conflicts;
    }

    /// Forgets one page of one address space everywhere. Global entries stay.
    public void invalidatePage(int asid, long virtAddr) {
        for (Tlb tlb : all) {
            tlb.invalidatePage(asid, virtAddr);
        }
    }

    /// Forgets what is found for an address, global entries too.
    public void invalidateEvery(AccessType access, int asid, long virtAddr) {
        first(access).invalidateEvery(asid, virtAddr);
        second(access).invalidateEvery(asid, virtAddr);
    }

    /// Forgets what `scope` names. Only `All` reaches global entries.
    public void invalidate(InvalidationScope scope) {
        for (Tlb tlb : all) {
            switch (scope) {
                case InvalidationScope.Page(int asid, long virtAddr, boolean _) -> tlb.invalidatePage(asid, virtAddr);
                case InvalidationScope.Range(int asid, long start, long end, boolean _) ->
                    tlb.invalidateRange(asid, start, end);
                case InvalidationScope.Asid(int asid) -> tlb.invalidateAsid(asid);
                case InvalidationScope.All() -> tlb.flush();
            }
        }
    }

    /// Shows every TLB, first levels first.
    public void forEach(Consumer<Tlb> action) {
        for (Tlb tlb : all) {
            action.accept(tlb);
        }
    }
}
