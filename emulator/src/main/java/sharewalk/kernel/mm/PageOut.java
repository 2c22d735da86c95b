package sharewalk.kernel.mm;

import java.util.ArrayList;
import java.util.List;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.memory.FrameBatch;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;

/// Reclaim: the pages that a range of addresses shows go to swap. Private ones leave their slot in the entry; those of
/// a file are unmapped wherever the file is mapped, and its page cache keeps the slot. A table that several processes
/// share is changed once.
///
/// Pages of files that have no place in swap, superpages, the frame of zeros and copies in a table that private and
/// shared areas have in common stay.
final class PageOut {
    /// Which pages go.
    enum Pages {
        /// Those that one entry maps: MADV_PAGEOUT (`madvise_cold_or_pageout_pte_range` passes over others). An entry
        /// of a shared table is one entry, however many processes see it.
        MAPPED_ONCE,
        /// All, as when memory is short.
        ALL
    }

    private final AddressSpace space;
    private final MemoryContext context;
    private final PteFormat format;

    PageOut(AddressSpace space) {
        this.space = space;
        this.context = space.context();
        this.format = space.format();
    }

    /// A page of the range that may go: `index` is its page in the area's file or anonymous memory.
    private record Page(long virtAddr, long index, long pfn) {}

    /// Reclaims the pages of `[start, end)` of an area; below a window those of the region whose tables it shows.
    void reclaim(Vma vma, long start, long end, Pages pages) {
        if (vma.mapping() instanceof Mapping.Shown) {
            reclaimShown(start, end, pages);
        } else {
            reclaimMapped(vma, start, end, pages);
        }
    }

    /// Hands each page below a shared table to the space whose own table that is.
    private void reclaimShown(long start, long end, Pages pages) {
        List<Long> mapped = new ArrayList<>();
        space.table().cursor().forEachLeaf(start, end, (virtAddr, _, level) -> {
            if (level == 0) {
                mapped.add(virtAddr);
            }
        });
        for (int next = 0; next < mapped.size(); next++) {
            SharedSubtree subtree = space.table().cursor().attachedAt(mapped.get(next));
            if (subtree == null || subtree.host() == null) {
                continue;
            }
            AddressSpace host = context.spacesByTable().of(subtree.host());
            long hostAddr = mapped.get(next) + shift(subtree, mapped.get(next), host.table());
            Vma hostVma = host.vmas().find(hostAddr);
            if (hostVma == null) {
                continue;
            }
            int first = next;
            long limit = Math.min(
                    subtree.coverageBytes() - (mapped.get(first) & subtree.coverageBytes() - 1),
                    hostVma.end() - hostAddr);
            while (next + 1 < mapped.size() && mapped.get(next + 1) - mapped.get(first) < limit) {
                next++;
            }
            long sizeBytes = mapped.get(next) + PagingMode.PAGE_BYTES - mapped.get(first);
            host.residency().pageOut().reclaim(hostVma, hostAddr, hostAddr + sizeBytes, pages);
        }
    }

    /// Returns how far the addresses of another table lie from this space's below a subtree that both attach.
    private long shift(SharedSubtree subtree, long virtAddr, PageTable other) {
        long own = virtAddr & -subtree.coverageBytes();
        for (SharedSubtree.Attachment attachment : subtree.attachments()) {
            if (attachment.table() == other) {
                return attachment.virtAddr() - own;
            }
        }
        throw new IllegalStateException(subtree + " is not attached to " + other);
    }

    private void reclaimMapped(Vma vma, long start, long end, Pages pages) {
        List<Page> ownPages = new ArrayList<>();
        List<Page> filePages = new ArrayList<>();
        PageSource source = vma.mapping().source();
        space.table().cursor().forEachLeaf(start, end, (virtAddr, pte, level) -> {
            long pfn = format.pfn(pte);
            boolean isPage = level == 0
                    && !format.isContiguous(pte, level)
                    && !space.residency().isSwapped(pte);
            if (!isPage || pfn == context.zeroPfn() || isPartOfSuperpage(pfn)) {
                return;
            }
            boolean isOwn = space.faults().isOwnPage(vma, virtAddr, pfn);
            if (isOwn && vma.mapping().isShared()) {
                return;
            }
            // The page cache has a reference of its own.
            boolean isMappedOnce = context.frames().references(pfn) == (isOwn ? 1 : 2);
            if (isMappedOnce || pages == Pages.ALL) {
                (isOwn ? ownPages : filePages).add(new Page(virtAddr, vma.pageIndex(virtAddr), pfn));
            }
        });
        reclaimOwn(ownPages);
        if (source != null && source.isSwappable()) {
            reclaimFile(source, filePages);
        }
    }

    private boolean isPartOfSuperpage(long pfn) {
        return context.frames().table().level(pfn) > 0;
    }

    private void reclaimFile(PageSource source, List<Page> pages) {
        int next = 0;
        while (next < pages.size()) {
            long first = pages.get(next).index();
            long end = first;
            while (next < pages.size() && pages.get(next).index() == end) {
                next++;
                end++;
            }
            source.mappings().unmapPages(source, first, end, ReverseMap.Copies.KEPT);
            for (long index = first; index < end; index++) {
                // It stays in RAM when swap is used up.
                boolean _ = source.swapOut(index);
            }
        }
    }

    private void reclaimOwn(List<Page> pages) {
        List<Page> shared = new ArrayList<>();
        PendingInvalidation pending = PendingInvalidation.NONE;
        for (Page page : pages) {
            if (context.frames().references(page.pfn()) > 1) {
                shared.add(page);
                continue;
            }
            long slot = context.swap().store(page.pfn());
            if (slot >= 0) {
                pending = pending.merge(replace(space, page.virtAddr(), page.pfn(), slot));
            }
        }
        context.shootdown().redeem(space, pending, FlushCause.MADVISE);
        shared.forEach(this::reclaimEverywhere);
    }

    /// Reclaims a private page that several entries map since a fork, wherever they are (`rmap_walk_anon`).
    private void reclaimEverywhere(Page page) {
        long slot = context.swap().store(page.pfn());
        if (slot < 0) {
            return;
        }
        for (AddressSpace other : context.spacesByTable().all()) {
            for (Vma vma : other.vmas().all()) {
                long virtAddr = vma.virtAddrOf(page.index());
                if (vma.mapping() instanceof Mapping.Shown || !vma.contains(virtAddr)) {
                    continue;
                }
                long pte = other.table().cursor().pteAt(virtAddr);
                if (pte != 0 && !other.residency().isSwapped(pte) && format.pfn(pte) == page.pfn()) {
                    context.frames().retain(slot);
                    context.shootdown().redeem(other, replace(other, virtAddr, page.pfn(), slot), FlushCause.MADVISE);
                }
            }
        }
        context.frames().release(slot);
    }

    /// Puts a slot in the place of a frame.
    private PendingInvalidation replace(AddressSpace owner, long virtAddr, long pfn, long slot) {
        FrameBatch frames = new FrameBatch();
        frames.add(pfn);
        long held = format.leaf(slot, Permissions.NONE, 0);
        return owner.table().cursor().edit(virtAddr, (_, _, _) -> held).releasing(frames);
    }
}
