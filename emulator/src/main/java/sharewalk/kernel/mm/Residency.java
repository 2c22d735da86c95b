package sharewalk.kernel.mm;

/// Which pages of an address space lie in RAM and which in swap, the way from one to the other, and who else may have
/// to bring them.
public final class Residency {
    private final AddressSpace space;
    private final PageOut pageOut;
    private final UserFaults userFaults;

    Residency(AddressSpace space) {
        this.space = space;
        this.pageOut = new PageOut(space);
        this.userFaults = new UserFaults(space);
    }

    /// Returns whether an address can be accessed without a page coming from anywhere else (mincore(2)).
    public boolean isResident(long virtAddr) {
        Vma vma = space.vmas().find(virtAddr);
        long pte = space.table().cursor().pteAt(virtAddr);
        if (vma == null || pte != 0) {
            return vma != null && !isSwapped(pte);
        }
        PageSource source = vma.mapping().source();
        // mincore_hugetlb looks at entries only.
        return source != null && source.leafLevel() == 0 && source.isResident(vma.pageIndex(virtAddr));
    }

    /// Returns the addresses whose faults userfaultfds resolve.
    public UserFaults userFaults() {
        return userFaults;
    }

    /// Moves the pages of a range to swap, whoever maps them, as when memory is short.
    public long reclaim(long virtAddr, long sizeBytes) {
        return space.advising().reclaim(virtAddr, sizeBytes);
    }

    /// Returns whether an entry names a page that lies in swap.
    boolean isSwapped(long pte) {
        return pte != 0
                && !space.format().isPresent(pte)
                && space.context().swap().isSlot(space.format().pfn(pte));
    }

    PageOut pageOut() {
        return pageOut;
    }
}
