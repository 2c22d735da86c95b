package sharewalk.kernel.mm;

import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.memory.FrameBatch;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.table.PendingInvalidation;

/// The mapping of huge pages of shared memory by one entry, and the undoing of it when a part is to differ: the entry
/// goes, and faults bring in what stays (`do_set_pmd`, `__split_huge_pmd_locked` of file pages).
final class Superpages {
    private static final int LEVEL = 1;

    private final AddressSpace space;
    private final long sizeBytes;

    Superpages(AddressSpace space) {
        this.space = space;
        this.sizeBytes = space.context().paging().coverageBytes(LEVEL);
    }

    /// Maps the huge page that a resident page of a file is part of, if the area holds all of it at an aligned address
    /// and no table of small pages is there; returns whether it is mapped now.
    boolean map(Vma vma, long virtAddr, long pfn, Permissions permissions, boolean dirty) {
        FrameTable frames = space.context().frames().table();
        if (pfn >= frames.frames() || frames.use(pfn) != FrameUse.DATA || frames.level(pfn) != LEVEL) {
            return false;
        }
        long head = frames.head(pfn);
        long start = virtAddr & -sizeBytes;
        boolean isAligned = (virtAddr & -PagingMode.PAGE_BYTES) - start == pfn - head << PagingMode.PAGE_SHIFT;
        boolean fits = vma.start() <= start
                && start + sizeBytes <= vma.end()
                && !vma.has(VmaTraits.NO_HUGE_PAGES | VmaTraits.USERFAULT);
        if (!isAligned
                || !fits
                || isWatched(vma, start)
                || space.table().hardwareCursor().levelAt(virtAddr) < LEVEL) {
            return false;
        }
        Shootdown shootdown = space.context().shootdown();
        shootdown.redeemFault(space, space.table().cursor().map(start, head, permissions, LEVEL, dirty));
        shootdown.fence(space, virtAddr);
        space.context().frames().retain(head);
        return true;
    }

    /// Whoever watches single pages needs entries for them.
    private boolean isWatched(Vma vma, long start) {
        for (long page = start; page < start + sizeBytes; page += PagingMode.PAGE_BYTES) {
            if (space.faults().rights().isGuarded(vma, page)) {
                return true;
            }
        }
        return false;
    }

    /// Removes the entries of the huge pages that have an address in `[start, end)`.
    void splitIn(Vma vma, long start, long end) {
        for (long page = start; page < end; page = (page & -sizeBytes) + sizeBytes) {
            split(vma, page);
        }
    }

    /// Removes the entry of a huge page that begins before an address and goes on after it, and flushes it at once, as
    /// every split does.
    void splitAt(Vma vma, long virtAddr) {
        if ((virtAddr & (sizeBytes - 1)) != 0) {
            split(vma, virtAddr);
        }
    }

    /// Removes the entry of the huge page around an address, if there is one.
    void split(Vma vma, long virtAddr) {
        if (!isMapped(vma, virtAddr)) {
            return;
        }
        FrameBatch frames = new FrameBatch();
        long start = virtAddr & -sizeBytes;
        PendingInvalidation cleared = space.table()
                .cursor()
                .clearRange(
                        start,
                        start + sizeBytes,
                        (_, pte, level) -> frames.add(space.format().leafPfn(pte, level)))
                .releasing(frames);
        space.context().shootdown().redeemSplit(space, cleared, FlushCause.OTHER);
    }

    /// Returns whether an address is mapped as part of a huge page of shared memory.
    boolean isMapped(Vma vma, long virtAddr) {
        PageSource source = vma.mapping().source();
        return source != null
                && source.isShmem()
                && space.table().hardwareCursor().pteAt(virtAddr) != 0
                && space.table().hardwareCursor().levelAt(virtAddr) == LEVEL;
    }
}
