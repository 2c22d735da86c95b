package sharewalk.kernel.mm;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.flush.FlushScheme;
import sharewalk.mmu.paging.DomainRanges;
import sharewalk.mmu.paging.DomainRanges.Domain;
import sharewalk.mmu.table.SharedSubtree;

/// The domains ([SharedDomains]) that one address space is in: where its table leads into a subtree, and only there,
/// so that no hart finds for it what its own table does not grant.
///
/// Harts are given the ranges when they return to the space's program ([AddressSpace#register]).
public final class SpaceDomains {
    private final SharedDomains machine;
    private final TreeMap<Long, Domain> joined = new TreeMap<>();
    private DomainRanges ranges = DomainRanges.NONE;

    SpaceDomains(SharedDomains machine) {
        this.machine = machine;
    }

    /// Notes that a subtree has been attached at `start` for an area with the rights `prot`. Everybody who attaches it
    /// there for such an area must be given the same translations below.
    public void join(SharedSubtree subtree, long start, int prot) {
        leave(start);
        int id = machine.join(subtree, start, prot);
        if (id != FlushScheme.NO_DOMAIN) {
            joined.put(start, new Domain(start, start + subtree.coverageBytes(), id, machine.numberOf(id)));
            ranges = DomainRanges.of(List.copyOf(joined.values()));
        }
    }

    /// Notes that nothing is attached at `start` any more; the flush of this space that detaching takes is owed anyway.
    public void leave(long start) {
        @Nullable Domain left = joined.remove(start);
        if (left != null) {
            machine.leave(left.id());
            ranges = DomainRanges.of(List.copyOf(joined.values()));
        }
    }

    /// Returns the ranges with their ids; the same object until they change.
    public DomainRanges ranges() {
        return ranges;
    }
}
