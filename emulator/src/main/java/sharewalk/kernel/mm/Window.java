package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EINVAL;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.table.PendingInvalidation;

/// What a sharing design maps into a process instead of pages: the hooks of one kind of VMA.
///
/// Each hook that returns `long` answers 0 or a negative error number unless it says otherwise. The hooks that return a
/// [Reply] are asked before an operation on a part of an area changes anything; as long as a design says nothing else,
/// the operation goes on as with any other area.
public non-sealed interface Window extends MapSource {
    /// The answer that lets `kernel.mm` go on.
    Reply ORDINARY = new Reply.Ordinary();

    /// What a window answers to an operation on a part of its area.
    sealed interface Reply {
        /// The window has done the operation, or refuses it: the result of the system call, for this area.
        record Done(long result) implements Reply {}

        /// `kernel.mm` does it, to whatever area lies there now: the window may have put another one, or several, in
        /// the place of its own ([VmaSet#exchange]).
        record Ordinary() implements Reply {}
    }

    /// Returns the address at which a request of mmap(2) for this window is to be mapped, or a negative error number.
    /// Not asked of a window that a [MapHook] supplies.
    ///
    /// Preconditions: size and flags have passed mmap(2)'s own checks that come before the choice of an address;
    /// `sizeBytes` is the size rounded up to pages.
    long place(AddressSpace space, MapRequest request, long sizeBytes);

    /// Returns how many bytes of addresses an area takes for `sizeBytes` asked for: more where it is padded.
    default long areaBytes(long sizeBytes) {
        return sizeBytes;
    }

    /// Tells that a VMA of this window exists now; called for each VMA, also for a forked child's.
    void opened(AddressSpace space, Vma vma);

    /// Tells that a VMA of this window is gone, its addresses already released.
    void closed(AddressSpace space, Vma vma);

    /// Returns the flags of [VmaTraits] that its areas have from the beginning.
    default int areaFlags() {
        return VmaTraits.DONT_EXPAND;
    }

    /// Returns whether mlock(2), MAP_POPULATE and their relatives may fault its pages in.
    default boolean isPopulated() {
        return false;
    }

    /// Says whether a VMA may be split at an address inside it.
    long maySplit(Vma vma, long virtAddr);

    /// Asked before a VMA is split at an address inside it: it may refuse, or put another area in its place.
    default long split(AddressSpace space, Vma vma, long virtAddr) {
        return maySplit(vma, virtAddr);
    }

    /// Asked by mprotect(2) for `[start, end)` of a VMA, which may be given the rights `prot`.
    default Reply protect(AddressSpace space, Vma vma, long start, long end, int prot) {
        return ORDINARY;
    }

    /// Asked by whatever unmaps `[start, end)`, a range that has addresses of a VMA and perhaps others: munmap(2),
    /// mmap(2) with MAP_FIXED, mremap(2). With a result of 0 the area stays as the window has left it, and the
    /// rest of the range is unmapped.
    default Reply unmap(AddressSpace space, Vma vma, long start, long end) {
        return ORDINARY;
    }

    /// Asked by madvise(2) for `[start, end)` of a VMA.
    default Reply advise(AddressSpace space, Vma vma, long start, long end, int advice) {
        return ORDINARY;
    }

    /// Asked by mremap(2) of a VMA, the arguments checked as far as they can be without it.
    default Reply remap(AddressSpace space, Vma vma, RemapRequest request) {
        return ORDINARY;
    }

    /// Asked by mmap(2) whose result is to lie at `virtAddr`, over a part of a VMA, all checks passed. The result is
    /// that of the call.
    default Reply mapOver(AddressSpace space, Vma vma, MapRequest request, long virtAddr) {
        return ORDINARY;
    }

    /// Asked by UFFDIO_REGISTER of a range that has addresses of a VMA. As with any memory whose pages no file
    /// supplies, a userfaultfd may not resolve its faults, unless a design has an area that allows it put in its
    /// place.
    default Reply register(AddressSpace space, Vma vma) {
        return new Reply.Done(-EINVAL);
    }

    /// Says whether a VMA may be moved by mremap(2).
    long mayMove(Vma vma);

    /// Returns what a forked child has in the place of a VMA, null for nothing.
    default @Nullable Vma inherited(AddressSpace child, Vma vma) {
        return vma;
    }

    /// Takes what `[start, end)` of a VMA shows out of the process's page table; the caller redeems.
    PendingInvalidation release(AddressSpace space, Vma vma, long start, long end);

    /// Handles a page fault in a VMA. Counts no fault: the caller does.
    FaultOutcome fault(AddressSpace space, Vma vma, long virtAddr, AccessType access);
}
