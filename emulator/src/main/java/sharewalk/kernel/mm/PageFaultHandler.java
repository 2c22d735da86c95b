package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapProt.PROT_EXEC;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import sharewalk.kernel.mm.PageSource.Wanted;
import sharewalk.kernel.mm.TableSharing.Change;
import sharewalk.kernel.mm.TableSharing.Linking;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.PendingInvalidation;

/// The page fault (`do_user_addr_fault`, `handle_mm_fault`): finds the area, checks the right, gives the page.
final class PageFaultHandler {
    private final AddressSpace space;
    private final StackGrowth stackGrowth;
    private final FaultAround faultAround;
    private final SwapIn swapIn;
    private final HugeFaults hugeFaults;
    private final PageRights rights;

    PageFaultHandler(AddressSpace space) {
        this.space = space;
        this.stackGrowth = new StackGrowth(space);
        this.faultAround = new FaultAround(space);
        this.swapIn = new SwapIn(space);
        this.hugeFaults = new HugeFaults(space);
        this.rights = new PageRights(space);
    }

    /// Handles and counts a fault.
    FaultOutcome fault(long virtAddr, AccessType access) {
        Counters counters = space.context().current().beginFault(virtAddr);
        counters.record(Counter.FAULT);
        FaultOutcome outcome = decide(virtAddr, access);
        space.context().current().endFault();
        switch (outcome) {
            // mm_account_fault: what handle_mm_fault resolved.
            case FaultOutcome.Resolved _ ->
                counters.record(space.context().current().resolvedFault());
            case FaultOutcome.Linked _ -> counters.record(Counter.LINK_FAULT);
            case FaultOutcome.Signal _, FaultOutcome.OutOfMemory _, FaultOutcome.Waits _ -> {}
        }
        return outcome;
    }

    private FaultOutcome decide(long virtAddr, AccessType access) {
        Vma vma = space.vmas().find(virtAddr);
        if (vma == null) {
            vma = stackGrowth.grow(virtAddr);
        }
        if (vma == null) {
            return FaultOutcome.notMapped(virtAddr);
        }
        if (vma.mapping() instanceof Mapping.Shown(var window)) {
            return window.fault(space, vma, virtAddr, access);
        }
        if (!space.context().rules().allows(vma.prot(), access)) {
            return FaultOutcome.notAllowed(virtAddr);
        }
        return resolve(vma, virtAddr, access);
    }

    /// Gives an access its page (`handle_mm_fault`).
    ///
    /// Preconditions:
    /// - the area contains the address, allows the access and is not a window
    FaultOutcome resolve(Vma vma, long virtAddr, AccessType access) {
        if (access == AccessType.STORE
                && vma.mapping() instanceof Mapping.SharedPages(var source)
                && source.watch().isWatched(vma.pageIndex(virtAddr))) {
            long seenAddr = space.context().current().faultAddr(virtAddr);
            return source.watch().stored(vma.pageIndex(virtAddr), seenAddr);
        }
        try {
            space.prepareSlot(virtAddr);
            if (!vma.has(VmaTraits.USERFAULT)
                    && space.context().tableSharing().beforeFault(space, vma, virtAddr, access) == Linking.LINKED) {
                return new FaultOutcome.Linked();
            }
            if (access == AccessType.STORE && !vma.mapping().isShared()) {
                long page = virtAddr & -vma.pageBytes();
                redeem(space.unshare(page, page + vma.pageBytes(), Change.COPY));
            }
            HugePages huge = vma.hugePages();
            if (huge != null) {
                return hugeFaults.resolve(vma, huge, virtAddr, access);
            }
            long pte = space.table().cursor().pteAt(virtAddr);
            if (space.residency().isSwapped(pte)) {
                pte = swapIn.bringBack(vma, virtAddr, pte, access);
                if (pte == 0) {
                    return new FaultOutcome.OutOfMemory();
                }
            }
            FaultOutcome asked = space.residency().userFaults().ask(vma, virtAddr, access, pte);
            if (asked != null) {
                return asked;
            }
            return pte == 0 ? resolveAbsent(vma, virtAddr, access) : resolvePresent(vma, virtAddr, access, pte);
        } catch (OutOfFramesException _) {
            return new FaultOutcome.OutOfMemory();
        }
    }

    /// Returns the rights that entries may have.
    PageRights rights() {
        return rights;
    }

    /// Returns whether a mapped frame was made for this area, not taken from a page cache or the frame of zeros.
    boolean isOwnPage(Vma vma, long virtAddr, long pfn) {
        return switch (vma.mapping()) {
            case Mapping.Anonymous _ -> pfn != space.context().zeroPfn();
            case Mapping.PrivatePages(var source) -> !isInCache(source, vma.pageIndex(virtAddr), pfn);
            case Mapping.SharedPages(var source) ->
                vma.has(VmaTraits.HAS_ANONYMOUS) && !isInCache(source, vma.pageIndex(virtAddr), pfn);
            case Mapping.Shown _ -> false;
        };
    }

    private static boolean isInCache(PageSource source, long pageIndex, long pfn) {
        return source.isResident(pageIndex) && source.frame(pageIndex, Wanted.READ) == pfn;
    }

    /// Returns whether a mapped frame belongs to this mapping alone.
    boolean isExclusive(Vma vma, long virtAddr, long pfn) {
        return isOwnPage(vma, virtAddr, pfn) && space.context().frames().references(pfn) == 1;
    }

    private FaultOutcome resolveAbsent(Vma vma, long virtAddr, AccessType access) {
        boolean store = access == AccessType.STORE;
        return switch (vma.mapping()) {
            case Mapping.Anonymous _ -> store ? mapFresh(vma, virtAddr) : mapZero(vma, virtAddr);
            case Mapping.SharedPages(var source) ->
                store ? mapShared(vma, source, virtAddr) : readFault(vma, source, virtAddr);
            case Mapping.PrivatePages(var source) ->
                store ? mapCopy(vma, source, virtAddr) : readFault(vma, source, virtAddr);
            case Mapping.Shown _ -> throw new IllegalArgumentException("a fault below a window");
        };
    }

    private FaultOutcome resolvePresent(Vma vma, long virtAddr, AccessType access, long pte) {
        PteFormat format = space.format();
        if (access != AccessType.STORE || format.isWritable(pte)) {
            mark(virtAddr, pte, access);
            return new FaultOutcome.Resolved();
        }
        long pfn = space.table().hardwareCursor().frameAt(virtAddr);
        if (vma.mapping().isShared() || isExclusive(vma, virtAddr, pfn)) {
            // wp_page_shared, wp_page_reuse.
            Permissions permissions = permissions(vma, virtAddr);
            redeem(space.table()
                    .cursor()
                    .edit(
                            virtAddr,
                            (_, old, _) ->
                                    format.withDirty(format.withAccessed(format.withPermissions(old, permissions)))));
            return new FaultOutcome.Resolved();
        }
        // wp_huge_pmd: a private area has small copies only.
        space.superpages().split(vma, virtAddr);
        return mapOwn(vma, virtAddr, pfn);
    }

    /// Sets the accessed bit, and by a store the dirty bit, of an entry that has the right: the end of
    /// `handle_pte_fault`, and what the fault was for where hardware does not set them (Svade). Otherwise
    /// somebody else was faster, which Linux counts all the same. RISC-V fences either way
    /// (`ptep_set_access_flags`).
    void mark(long virtAddr, long pte, AccessType access) {
        PteFormat format = space.format();
        long marked = format.withAccessed(access == AccessType.STORE ? format.withDirty(pte) : pte);
        if (marked != pte) {
            space.context().shootdown().redeemUnseen(space.table().cursor().edit(virtAddr, (_, _, _) -> marked));
        }
        space.context().shootdown().fence(space, virtAddr);
    }

    private FaultOutcome mapZero(Vma vma, long virtAddr) {
        long zeroPfn = space.context().zeroPfn();
        install(virtAddr, zeroPfn, permissions(vma, virtAddr).withoutWrite(), false);
        space.context().frames().retain(zeroPfn);
        return new FaultOutcome.Resolved();
    }

    private FaultOutcome mapFresh(Vma vma, long virtAddr) {
        return mapOwn(vma, virtAddr, space.context().zeroPfn());
    }

    /// do_cow_fault: a write to a private page that was never read.
    private FaultOutcome mapCopy(Vma vma, PageSource source, long virtAddr) {
        long pfn = lookUp(vma, source, virtAddr, Wanted.READ);
        return pfn < 0 ? failure(pfn, virtAddr) : mapOwn(vma, virtAddr, pfn);
    }

    /// Maps a fresh copy of a frame, in place of what is mapped (wp_page_copy).
    private FaultOutcome mapOwn(Vma vma, long virtAddr, long originalPfn) {
        MemoryContext context = space.context();
        long pfn = context.frames().allocate(FrameUse.DATA);
        if (pfn == FrameAllocator.NO_FRAME) {
            return new FaultOutcome.OutOfMemory();
        }
        if (originalPfn == context.zeroPfn()) {
            space.counters(virtAddr).record(Counter.PAGE_ZEROED);
        } else {
            context.memory().copyFrame(originalPfn, pfn);
            space.counters(virtAddr).record(Counter.PAGE_COPIED);
        }
        long oldPte = space.table().cursor().pteAt(virtAddr);
        try {
            install(virtAddr, pfn, permissions(vma, virtAddr), true);
        } catch (OutOfFramesException _) {
            context.frames().release(pfn);
            return new FaultOutcome.OutOfMemory();
        }
        if (oldPte != 0) {
            context.frames().release(space.format().pfn(oldPte));
        }
        if (!vma.has(VmaTraits.HAS_ANONYMOUS)) {
            space.vmas().annotate(vma, vma.with(vma.traits().with(VmaTraits.HAS_ANONYMOUS)));
        }
        if (vma.traits().allows(PROT_EXEC)) {
            space.codeChanged();
        }
        return new FaultOutcome.Resolved();
    }

    private FaultOutcome mapShared(Vma vma, PageSource source, long virtAddr) {
        long pfn = lookUp(vma, source, virtAddr, Wanted.WRITE);
        if (pfn < 0) {
            return failure(pfn, virtAddr);
        }
        if (space.superpages().map(vma, virtAddr, pfn, permissions(vma, virtAddr), true)) {
            return new FaultOutcome.Resolved();
        }
        install(virtAddr, pfn, permissions(vma, virtAddr), true);
        space.context().frames().retain(pfn);
        return new FaultOutcome.Resolved();
    }

    /// do_read_fault: resident pages around first, then the one page.
    private FaultOutcome readFault(Vma vma, PageSource source, long virtAddr) {
        Permissions permissions = vma.mapping().isShared()
                ? permissions(vma, virtAddr)
                : permissions(vma, virtAddr).withoutWrite();
        if (faultAround.map(vma, source, virtAddr, permissions)) {
            return new FaultOutcome.Resolved();
        }
        long pfn = lookUp(vma, source, virtAddr, Wanted.READ);
        if (pfn < 0) {
            return failure(pfn, virtAddr);
        }
        if (space.superpages().map(vma, virtAddr, pfn, permissions, false)) {
            return new FaultOutcome.Resolved();
        }
        install(virtAddr, pfn, permissions, false);
        space.context().frames().retain(pfn);
        return new FaultOutcome.Resolved();
    }

    private long lookUp(Vma vma, PageSource source, long virtAddr, Wanted wanted) {
        space.counters(virtAddr).record(Counter.PAGE_CACHE_LOOKUP);
        return source.frame(vma, vma.pageIndex(virtAddr), wanted);
    }

    private static FaultOutcome failure(long error, long virtAddr) {
        return error == -ENOMEM ? new FaultOutcome.OutOfMemory() : FaultOutcome.noSuchPage(virtAddr);
    }

    private Permissions permissions(Vma vma, long virtAddr) {
        return rights.of(vma, virtAddr);
    }

    private void install(long virtAddr, long pfn, Permissions permissions, boolean dirty) {
        redeem(space.table().cursor().map(virtAddr & -PAGE_BYTES, pfn, permissions, 0, dirty));
    }

    private void redeem(PendingInvalidation pending) {
        space.context().shootdown().redeemFault(space, pending);
    }
}
