package sharewalk.mmu.tlb;

import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;

/// A hart's TLBs: split first level (fetches, data), one second level behind both.
///
/// The second level is neither inclusive nor exclusive: a hit there is copied up, a first-level victim is dropped.
/// Its state follows from the order of first-level misses alone.
public final class TlbHierarchy {
    private final Tlb fetch;
    private final Tlb data;
    private final Tlb second;

    public TlbHierarchy(Tlb fetch, Tlb data, Tlb second) {
        this.fetch = fetch;
        this.data = data;
        this.second = second;
    }

    /// Returns the first-level TLB of an access.
    public Tlb first(AccessType access) {
        return access == AccessType.FETCH ? fetch : data;
    }

    /// Returns the second-level TLB.
    public Tlb second() {
        return second;
    }

    /// Returns how often two sizes came to be cached for one address, over the three TLBs ([Tlb#sizeConflicts]).
    public long sizeConflicts() {
        return fetch.sizeConflicts() + data.sizeConflicts() + second.sizeConflicts();
    }

    /// Forgets one page of one address space everywhere. Global entries stay.
    public void invalidatePage(int asid, long virtAddr) {
        fetch.invalidatePage(asid, virtAddr);
        data.invalidatePage(asid, virtAddr);
        second.invalidatePage(asid, virtAddr);
    }

    /// Forgets what `scope` names. Only `All` reaches global entries.
    public void invalidate(InvalidationScope scope) {
        switch (scope) {
            case InvalidationScope.Page page -> invalidatePage(page.asid(), page.virtAddr());
            case InvalidationScope.Range(int asid, long start, long end, boolean _) -> {
                fetch.invalidateRange(asid, start, end);
                data.invalidateRange(asid, start, end);
                second.invalidateRange(asid, start, end);
            }
            case InvalidationScope.Asid(int asid) -> {
                fetch.invalidateAsid(asid);
                data.invalidateAsid(asid);
                second.invalidateAsid(asid);
            }
            case InvalidationScope.All() -> {
                fetch.flush();
                data.flush();
                second.flush();
            }
        }
    }
}
