package sharewalk.kernel.mm;

import sharewalk.mmu.paging.Permissions;

/// The rights that an entry may have: the area's, without the right to write where somebody must be told of the first
/// store.
final class PageRights {
    private final AddressSpace space;

    PageRights(AddressSpace space) {
        this.space = space;
    }

    /// Returns the most that the entry of a page may grant.
    Permissions of(Vma vma, long virtAddr) {
        Permissions all = space.context().rules().permissions(vma.prot());
        return isGuarded(vma, virtAddr) ? all.withoutWrite() : all;
    }

    /// Returns whether a store to a page must be told of before it is made.
    boolean isGuarded(Vma vma, long virtAddr) {
        boolean isWatched = vma.mapping() instanceof Mapping.SharedPages(var source)
                && source.watch().isWatched(vma.pageIndex(virtAddr));
        return isWatched || space.residency().userFaults().isGuarded(vma, virtAddr);
    }
}
