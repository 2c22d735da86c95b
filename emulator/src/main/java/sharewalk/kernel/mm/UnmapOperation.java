package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sharewalk.kernel.mm.TableSharing.Change;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.memory.FrameBatch;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.PendingInvalidation;

/// munmap(2), the unmapping of pages under VMAs that stay, and the end of an address space.
final class UnmapOperation {
    private final AddressSpace space;

    UnmapOperation(AddressSpace space) {
        this.space = space;
    }

    /// munmap(2) (`do_vmi_munmap`).
    long unmap(long virtAddr, long sizeBytes, FlushCause cause) {
        long limit = space.end();
        if ((virtAddr & (PAGE_BYTES - 1)) != 0 || virtAddr < 0 || virtAddr > limit || sizeBytes < 0) {
            return -EINVAL;
        }
        if (sizeBytes > limit - virtAddr || sizeBytes == 0) {
            return -EINVAL;
        }
        long end = virtAddr + sizeBytes + PAGE_BYTES - 1 & -PAGE_BYTES;
        if (space.vmas().overlapping(virtAddr, end).isEmpty()) {
            return 0;
        }
        Vma first = space.vmas().find(virtAddr);
        if (first != null && first.start() < virtAddr && end < first.end() && isFull()) {
            return -ENOMEM;
        }
        Set<Vma> stay = new HashSet<>();
        long refusal = askWindows(virtAddr, end, stay);
        if (refusal != 0) {
            return refusal;
        }
        PendingInvalidation unshared;
        try {
            unshared = space.unshare(virtAddr, end, Change.UNMAP);
        } catch (OutOfFramesException _) {
            return -ENOMEM;
        }
        refusal = split(virtAddr, end, stay);
        if (refusal == 0) {
            remove(virtAddr, end, stay, unshared, cause);
        } else {
            space.context().shootdown().redeem(space, unshared, cause);
        }
        return refusal;
    }

    /// Lets each window unmap its part by itself; the areas of those that do are added to `stay`, as they are then.
    private long askWindows(long start, long end, Set<Vma> stay) {
        for (Vma vma : space.vmas().overlapping(start, end)) {
            if (vma.mapping() instanceof Mapping.Shown(var window)
                    && window.unmap(space, vma, start, end) instanceof Window.Reply.Done(long result)) {
                if (result != 0) {
                    return result;
                }
                stay.addAll(space.vmas().overlapping(vma.start(), vma.end()));
            }
        }
        return 0;
    }

    /// Unmaps everything and frees the tables (`exit_mmap`).
    void tearDown(FlushCause cause) {
        List<Vma> vmas = new ArrayList<>(space.vmas().all());
        PendingInvalidation pending = space.unshare(0, space.context().paging().userEnd(), Change.EXIT);
        for (Vma vma : vmas) {
            pending = pending.merge(zap(vma, vma.start(), vma.end()));
        }
        space.vmas().take(vmas);
        space.hugeReservations().remove(0, Long.MAX_VALUE);
        PendingInvalidation all = pending.merge(space.table().destroy());
        if (space.isRegion()) {
            // Whoever saw its tables has detached, and flushed, before.
            space.context().shootdown().redeemUnseen(all);
        } else {
            space.context().shootdown().redeemWhole(space, all, cause);
        }
        space.vmas().gone(vmas);
    }

    /// Takes the pages of `[start, end)` of an area out of the page table; tables stay.
    PendingInvalidation zap(Vma vma, long start, long end) {
        if (vma.mapping() instanceof Mapping.Shown(var window)) {
            return window.release(space, vma, start, end);
        }
        space.superpages().splitAt(vma, start);
        space.superpages().splitAt(vma, end);
        PteFormat format = space.format();
        FrameBatch frames = new FrameBatch();
        return space.table()
                .cursor()
                .clearRange(start, end, (virtAddr, pte, level) -> {
                    frames.add(format.leafPfn(pte, level));
                    if (level > 0 && !vma.mapping().isShared()) {
                        space.hugeReservations().givenUp(virtAddr);
                    }
                })
                .releasing(frames);
    }

    /// `unmap_mapping_range`: one flush for each VMA.
    void unmapPages(PageSource source, long firstPage, long endPage, ReverseMap.Copies copies) {
        for (Vma vma : List.copyOf(space.vmas().all())) {
            if (!source.equals(vma.mapping().source())) {
                continue;
            }
            long lastPage = vma.pageIndex(vma.end());
            if (firstPage >= lastPage || endPage <= vma.pageOffset()) {
                continue;
            }
            long start = vma.virtAddrOf(Math.max(firstPage, vma.pageOffset()));
            long end = vma.virtAddrOf(Math.min(endPage, lastPage));
            // __unmap_hugepage_range lets go of shared tables on this way, too.
            PendingInvalidation unshared =
                    vma.hugePages() == null ? PendingInvalidation.NONE : space.unshare(start, end, Change.UNMAP);
            PendingInvalidation pending = copies == ReverseMap.Copies.KEPT && mayHaveCopies(vma)
                    ? zapUncopied(vma, start, end)
                    : zap(vma, start, end);
            space.context().shootdown().redeem(space, unshared.merge(pending), FlushCause.OTHER);
        }
    }

    /// Takes a huge page from the private areas here that were not promised it; they are not to touch it again.
    void takeBack(HugePages file, long pageIndex) {
        for (Vma vma : List.copyOf(space.vmas().all())) {
            long page = vma.virtAddrOf(pageIndex);
            boolean isConcerned = file.equals(vma.mapping().source())
                    && !vma.mapping().isShared()
                    && vma.contains(page)
                    && !space.hugeReservations().isOwner(page);
            if (isConcerned) {
                PendingInvalidation pending = zap(vma, page, page + vma.pageBytes());
                space.context().shootdown().redeem(space, pending, FlushCause.OTHER);
                space.vmas().annotate(vma, vma.with(vma.traits().with(VmaTraits.PAGES_LOST)));
            }
        }
    }

    private static boolean mayHaveCopies(Vma vma) {
        return !vma.mapping().isShared() || vma.has(VmaTraits.HAS_ANONYMOUS);
    }

    private PendingInvalidation zapUncopied(Vma vma, long start, long end) {
        PendingInvalidation pending = PendingInvalidation.NONE;
        for (long page = start; page < end; page += vma.pageBytes()) {
            long pte = space.table().cursor().pteAt(page);
            if (pte == 0) {
                continue;
            }
            long pfn = space.table().hardwareCursor().frameAt(page);
            if (!space.faults().isOwnPage(vma, page, pfn)) {
                pending = pending.merge(zap(vma, page, page + vma.pageBytes()));
            }
        }
        return pending;
    }

    private long split(long start, long end, Set<Vma> stay) {
        long refusal = splitAt(start, stay);
        return refusal != 0 ? refusal : splitAt(end, stay);
    }

    private long splitAt(long virtAddr, Set<Vma> stay) {
        Vma vma = space.vmas().find(virtAddr);
        return vma != null && stay.contains(vma) ? 0 : space.vmas().splitAt(virtAddr);
    }

    private void remove(long start, long end, Set<Vma> stay, PendingInvalidation before, FlushCause cause) {
        List<Vma> vmas = space.vmas().overlapping(start, end);
        vmas.removeAll(stay);
        PendingInvalidation pending = before;
        for (Vma vma : vmas) {
            pending = pending.merge(zap(vma, vma.start(), vma.end()));
        }
        space.vmas().take(vmas);
        space.hugeReservations().remove(start, end);
        space.context().shootdown().redeem(space, pending.merge(freeTables(start, end)), cause);
        space.vmas().gone(vmas);
    }

    /// Frees the tables that translate only free addresses now (`free_pgtables`).
    private PendingInvalidation freeTables(long start, long end) {
        Vma below = space.vmas().startingBelow(start);
        Vma above = space.vmas().startingAtOrAbove(end);
        long floor = below == null ? 0 : below.end();
        long ceiling = above == null ? space.context().paging().userEnd() : above.start();
        PendingInvalidation freed = space.table().cursor().freeTables(start, end, floor, ceiling);
        return freed.merge(space.freeUnusedSlots(start, end));
    }

    private boolean isFull() {
        return space.vmas().size() >= MapOperation.MOST_AREAS;
    }
}
