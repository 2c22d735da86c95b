package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EINVAL;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.table.PendingInvalidation;

/// A machine's way of sharing the page tables of ordinary areas, under programs that go on mapping files and memory as
/// ever: the memory management tells it of every fault and of every change, and it links and unlinks tables.
///
/// What a process does to its own areas must reach its own entries only. Changes that come by the reverse map
/// (truncation, a punched hole, pages taken by reclaim) are for everybody: nothing is asked before those, the shared
/// entry changes once, and each sharer is flushed.
///
/// Hooks that say so may throw [sharewalk.mmu.table.OutOfFramesException] when RAM is used up, having redeemed what
/// they have changed by then; the operation then fails with ENOMEM. [Change#EXIT] must need none.
public interface TableSharing {
    /// Shares nothing.
    TableSharing NONE = new TableSharing() {};

    /// What [#beforeFault] did.
    enum Linking {
        /// The fault is to be resolved in whatever table is there now.
        NOTHING,
        /// A table was linked that maps the page already: the access is repeated.
        LINKED
    }

    /// What a process is about to do to addresses of its own.
    enum Change {
        /// To give them other rights (mprotect(2)).
        PROTECT,
        /// To unmap them (munmap(2), brk(2), mremap(2) when it shrinks, mmap(2) over them).
        UNMAP,
        /// To move their entries elsewhere (mremap(2)).
        MOVE,
        /// To drop their pages by madvise(2), the areas staying.
        ADVISE,
        /// To cut the area there in two at `start`, which is also `end`.
        SPLIT,
        /// To end: exit(2) or execve(2).
        EXIT,
        /// To register them with userfaultfd(2).
        UFFD,
        /// To write to a page that it has to itself, or will have by copying it.
        COPY
    }

    /// Returns whether madvise(2) takes MADV_SHARE_TABLES, which marks areas ([VmaTraits#SHARES_TABLES]).
    default boolean takesHint() {
        return false;
    }

    /// Answers an option of prctl(2) that nobody else knows, for a process that has asked: 0 or a negative error
    /// number.
    default long control(AddressSpace space, int option) {
        return -EINVAL;
    }

    /// Tells of a fault in an area that allows the access, before it is resolved. The entry may be there by now: of a
    /// page that only lacks a right, a mark, or was faulted in by somebody else.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    default Linking beforeFault(AddressSpace space, Vma vma, long virtAddr, AccessType access) {
        return Linking.NOTHING;
    }

    /// Tells of a change to `[start, end)` of a process, before any entry or area is changed: afterwards no table
    /// translates those addresses that others see, unless the design lets the change reach them. The caller redeems
    /// the debt together with that of the change.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    default PendingInvalidation beforeChange(AddressSpace space, long start, long end, Change change) {
        return PendingInvalidation.NONE;
    }

    /// Tells that in an area, as it is now, rights and entries have changed somewhere; the design may link tables that
    /// have those rights, as far as there is RAM. The caller redeems the debt together with that of the change.
    default PendingInvalidation afterProtect(AddressSpace space, Vma vma) {
        return PendingInvalidation.NONE;
    }

    /// Tells that a forked child has got a copy of an area of its parent, without the entries; not of one that is to
    /// be empty there (MADV_WIPEONFORK). Returns the debt for what was changed in the parent's table if the design
    /// has seen to the entries, which are not copied then; null if they are to be copied as ever. The caller
    /// redeems by flushing the whole parent.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    default @Nullable PendingInvalidation forked(AddressSpace parent, AddressSpace child, Vma vma) {
        return null;
    }
}
