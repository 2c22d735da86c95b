package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.ENOMEM;

import sharewalk.kernel.mm.PageSource.Wanted;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.OutOfFramesException;

/// The page fault in an area of huge pages (`hugetlb_fault`). There is no page of zeros: reading a hole takes a page,
/// into the file where the mapping is shared, for this address alone where it is private. Who finds no page in the pool
/// gets SIGBUS.
final class HugeFaults {
    private final AddressSpace space;

    HugeFaults(AddressSpace space) {
        this.space = space;
    }

    /// Gives an access its page.
    ///
    /// Preconditions: the area contains the address and allows the access.
    FaultOutcome resolve(Vma vma, HugePages file, long virtAddr, AccessType access) {
        long page = virtAddr & -vma.pageBytes();
        long pte = space.table().cursor().pteAt(page);
        if (pte != 0) {
            return resolvePresent(vma, file, page, access, pte);
        }
        if (vma.has(VmaTraits.PAGES_LOST) || file.isBeyondEnd(vma.pageIndex(page))) {
            return FaultOutcome.noSuchPage(virtAddr);
        }
        return vma.mapping().isShared() ? mapShared(vma, file, page) : mapPrivate(vma, file, page, access);
    }

    /// A writable shared page is mapped writable and dirty whatever the access (`make_huge_pte`).
    private FaultOutcome mapShared(Vma vma, HugePages file, long page) {
        space.counters(page).record(Counter.PAGE_CACHE_LOOKUP);
        long pfn = file.frame(vma.pageIndex(page), Wanted.WRITE);
        if (pfn < 0) {
            return failure(pfn, page);
        }
        Permissions permissions = permissions(vma);
        install(page, pfn, permissions, permissions.write());
        space.context().frames().retain(pfn);
        return new FaultOutcome.Resolved();
    }

    private FaultOutcome mapPrivate(Vma vma, HugePages file, long page, AccessType access) {
        space.counters(page).record(Counter.PAGE_CACHE_LOOKUP);
        long cached = file.find(vma.pageIndex(page));
        boolean isStore = access == AccessType.STORE;
        if (cached != HugePages.ABSENT && !isStore) {
            install(page, cached, permissions(vma).withoutWrite(), false);
            space.context().frames().retain(cached);
            return new FaultOutcome.Resolved();
        }
        long pfn = space.hugeReservations().take(file.pool(), page);
        if (pfn == FrameAllocator.NO_FRAME) {
            return FaultOutcome.noSuchPage(page);
        }
        if (cached == HugePages.ABSENT) {
            space.counters(page).record(Counter.PAGE_ZEROED, file.pool().framesPerPage());
        } else {
            copy(cached, pfn, file, page);
        }
        installOwn(vma, page, pfn, isStore ? permissions(vma) : permissions(vma).withoutWrite(), isStore);
        return new FaultOutcome.Resolved();
    }

    private FaultOutcome resolvePresent(Vma vma, HugePages file, long page, AccessType access, long pte) {
        PteFormat format = space.format();
        if (access != AccessType.STORE || format.isWritable(pte)) {
            space.faults().mark(page, pte, access);
            return new FaultOutcome.Resolved();
        }
        long pfn = format.leafPfn(pte, file.leafLevel());
        if (vma.mapping().isShared() || space.faults().isExclusive(vma, page, pfn)) {
            allowWriting(vma, page);
            return new FaultOutcome.Resolved();
        }
        return replaceByCopy(vma, file, page, pfn);
    }

    private void allowWriting(Vma vma, long page) {
        PteFormat format = space.format();
        Permissions permissions = permissions(vma);
        space.context()
                .shootdown()
                .redeemFault(
                        space,
                        space.table()
                                .cursor()
                                .edit(
                                        page,
                                        (_, old, _) -> format.withDirty(
                                                format.withAccessed(format.withPermissions(old, permissions)))));
    }

    /// `hugetlb_wp`. The copy of a page that the pool had promised to this space is not promised again: when there is
    /// none left, the page is taken from whoever has none of their own (`unmap_ref_private`).
    private FaultOutcome replaceByCopy(Vma vma, HugePages file, long page, long oldPfn) {
        boolean isOwnPage = space.faults().isOwnPage(vma, page, oldPfn);
        boolean ownsPromise = isOwnPage && space.hugeReservations().isOwner(page);
        long pfn = ownsPromise
                ? file.pool().takeUnreserved()
                : space.hugeReservations().take(file.pool(), page);
        if (pfn == FrameAllocator.NO_FRAME && ownsPromise) {
            file.mappings().takeBack(file, vma.pageIndex(page), space);
            if (space.faults().isExclusive(vma, page, oldPfn)) {
                allowWriting(vma, page);
                return new FaultOutcome.Resolved();
            }
        }
        if (pfn == FrameAllocator.NO_FRAME) {
            return FaultOutcome.noSuchPage(page);
        }
        copy(oldPfn, pfn, file, page);
        installOwn(vma, page, pfn, permissions(vma), true);
        space.context().frames().release(oldPfn);
        return new FaultOutcome.Resolved();
    }

    private void copy(long fromPfn, long toPfn, HugePages file, long page) {
        long frames = FrameTable.framesOf(file.leafLevel());
        for (long i = 0; i < frames; i++) {
            space.context().memory().copyFrame(fromPfn + i, toPfn + i);
        }
        space.counters(page).record(Counter.PAGE_COPIED, frames);
    }

    private void installOwn(Vma vma, long page, long pfn, Permissions permissions, boolean dirty) {
        try {
            install(page, pfn, permissions, dirty);
        } catch (OutOfFramesException e) {
            space.context().frames().release(pfn);
            throw e;
        }
        if (!vma.has(VmaTraits.HAS_ANONYMOUS)) {
            space.vmas().annotate(vma, vma.with(vma.traits().with(VmaTraits.HAS_ANONYMOUS)));
        }
    }

    private static FaultOutcome failure(long error, long virtAddr) {
        return error == -ENOMEM ? new FaultOutcome.OutOfMemory() : FaultOutcome.noSuchPage(virtAddr);
    }

    private Permissions permissions(Vma vma) {
        return space.context().rules().permissions(vma.prot());
    }

    private void install(long page, long pfn, Permissions permissions, boolean dirty) {
        int level = space.context().frames().table().level(pfn);
        space.context()
                .shootdown()
                .redeemFault(space, space.table().cursor().map(page, pfn, permissions, level, dirty));
    }
}
