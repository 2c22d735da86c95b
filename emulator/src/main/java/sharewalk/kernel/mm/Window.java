package sharewalk.kernel.mm;

import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.table.PendingInvalidation;

/// What a sharing design maps into a process instead of pages: the hooks of one kind of VMA.
///
/// Each hook that returns `long` answers 0 or a negative error number unless it says otherwise.
public non-sealed interface Window extends MapSource {
    /// Returns the address at which a request of mmap(2) for this window is to be mapped, or a negative error number.
    ///
    /// Preconditions: size and flags have passed mmap(2)'s own checks that come before the choice of an address;
    /// `sizeBytes` is the size rounded up to pages.
    long place(AddressSpace space, MapRequest request, long sizeBytes);

    /// Tells that a VMA of this window exists now; called for each VMA, also for a forked child's.
    void opened(AddressSpace space, Vma vma);

    /// Tells that a VMA of this window is gone, its addresses already released.
    void closed(AddressSpace space, Vma vma);

    /// Says whether a VMA may be split at an address inside it.
    long maySplit(Vma vma, long virtAddr);

    /// Says whether the protection of `[start, end)` of a VMA may be changed.
    long mayProtect(Vma vma, long start, long end);

    /// Says whether a VMA may be moved by mremap(2).
    long mayMove(Vma vma);

    /// Takes what `[start, end)` of a VMA shows out of the process's page table; the caller redeems.
    PendingInvalidation release(AddressSpace space, Vma vma, long start, long end);

    /// Handles a page fault in a VMA. Counts no fault: the caller does.
    FaultOutcome fault(AddressSpace space, Vma vma, long virtAddr, AccessType access);
}
