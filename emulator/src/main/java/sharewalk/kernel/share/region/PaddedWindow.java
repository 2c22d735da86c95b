package sharewalk.kernel.share.region;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.Vma;

/// A window of which any whole slots may be shown, the last one as far as the region goes, and whose areas are
/// padded to whole slots: nothing else may lie where the region's tables translate. Nothing is mapped in the
/// padding, and whoever unmaps what was asked for unmaps it too.
public abstract class PaddedWindow extends RegionWindow {
    /// Creates the window of a region; `name` is shown in /proc/PID/maps.
    protected PaddedWindow(String name) {
        super(name);
    }

    @Override
    protected final long offset(Vma vma, long virtAddr) {
        return vma.pageIndex(virtAddr) << PAGE_SHIFT;
    }

    /// Returns 0 if a part of the region can be shown: it begins at a slot and ends at one, or where the region
    /// ends.
    protected final long checkPart(long offset, long bytes) {
        long end = offset + (bytes + PAGE_BYTES - 1 & -PAGE_BYTES);
        long slotMask = region().slotBytes() - 1;
        boolean isWhole = (end & slotMask) == 0 || end == region().sizeBytes();
        return bytes > 0 && region().contains(offset, bytes) && (offset & slotMask) == 0 && isWhole ? 0 : -EINVAL;
    }

    @Override
    public long place(AddressSpace space, MapRequest request, long sizeBytes) {
        long refusal = checkPart(request.offsetBytes(), sizeBytes);
        return refusal != 0 ? refusal : placeAtSlot(space, request, areaBytes(sizeBytes));
    }

    @Override
    public long areaBytes(long sizeBytes) {
        return sizeBytes + region().slotBytes() - 1 & -region().slotBytes();
    }

    @Override
    public Reply unmap(AddressSpace space, Vma vma, long start, long end) {
        if (isLeaving() || start > vma.start() || end >= vma.end()) {
            return ORDINARY;
        }
        long shownBytes = Math.min(vma.sizeBytes(), region().sizeBytes() - offset(vma, vma.start()));
        return end - vma.start() >= shownBytes ? new Reply.Done(leave(space, vma)) : ORDINARY;
    }
}
