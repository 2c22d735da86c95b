package sharewalk.kernel.mm;

import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import sharewalk.kernel.mm.PageSource.Wanted;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.Permissions;

/// The mapping of pages around a read fault that lie in the page cache already (`do_fault_around`): up to 16, from an
/// address that is a multiple of 64 KiB or from the area's start, within the area and one table page.
final class FaultAround {
    private static final int PAGES = 16;

    private final AddressSpace space;

    FaultAround(AddressSpace space) {
        this.space = space;
    }

    /// Maps the resident pages around; returns whether the one at `virtAddr` is mapped now.
    boolean map(Vma vma, PageSource source, long virtAddr, Permissions permissions) {
        if (vma.has(VmaTraits.USERFAULT)) {
            // uffd_disable_fault_around.
            return false;
        }
        long start = firstPage(vma, virtAddr);
        long end = endPage(vma, virtAddr, start);
        if (source.isResident(vma.pageIndex(virtAddr))) {
            long pfn = source.frame(vma.pageIndex(virtAddr), Wanted.READ);
            // filemap_map_pmd
            if (space.superpages().map(vma, virtAddr, pfn, permissions, false)) {
                space.counters(virtAddr).record(Counter.PAGE_CACHE_LOOKUP);
                return true;
            }
        }
        long endOfFile = vma.virtAddrOf((source.sizeBytes() + PAGE_BYTES - 1) / PAGE_BYTES);
        boolean mapped = false;
        for (long page = start; page < Math.min(end, endOfFile); page += PAGE_BYTES) {
            long index = vma.pageIndex(page);
            if (source.isResident(index) && space.table().cursor().pteAt(page) == 0) {
                space.counters(page).record(Counter.PAGE_CACHE_LOOKUP);
                long pfn = source.frame(index, Wanted.READ);
                Permissions rights =
                        space.faults().rights().isGuarded(vma, page) ? permissions.withoutWrite() : permissions;
                space.context()
                        .shootdown()
                        .redeemFault(space, space.table().cursor().map(page, pfn, rights, 0, false));
                space.context().frames().retain(pfn);
                mapped |= page == (virtAddr & -PAGE_BYTES);
            }
        }
        return mapped;
    }

    private static long firstPage(Vma vma, long virtAddr) {
        return Math.max(virtAddr & -(PAGES * (long) PAGE_BYTES), vma.start());
    }

    /// Counted from the first page, wherever the area begins, as Linux does.
    private long endPage(Vma vma, long virtAddr, long start) {
        long tableEnd = (virtAddr & -space.context().paging().tableCoverageBytes(0))
                + space.context().paging().tableCoverageBytes(0);
        return Math.min(Math.min(start + ((long) PAGES << PAGE_SHIFT), tableEnd), vma.end());
    }
}
