package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MremapFlags.MREMAP_DONTUNMAP;
import static sharewalk.abi.MremapFlags.MREMAP_FIXED;
import static sharewalk.abi.MremapFlags.MREMAP_MAYMOVE;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import java.util.List;
import sharewalk.kernel.mm.TableSharing.Change;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.table.OutOfFramesException;

/// mremap(2): checks in Linux's order, then in place, shrunk or moved.
final class RemapOperation {
    private final AddressSpace space;

    RemapOperation(AddressSpace space) {
        this.space = space;
    }

    long remap(RemapRequest request) {
        long refusal = checkArguments(request);
        if (refusal != 0) {
            return refusal;
        }
        long virtAddr = request.virtAddr();
        long oldSize = pageUp(request.oldSizeBytes());
        long newSize = pageUp(request.newSizeBytes());
        Vma vma = space.vmas().find(virtAddr);
        if (vma == null) {
            return -EFAULT;
        }
        if (vma.mapping() instanceof Mapping.Shown(var window)) {
            if (window.remap(space, vma, request) instanceof Window.Reply.Done(long result)) {
                return result;
            }
            // An ordinary area perhaps by now, or none: the window's padding goes with it.
            vma = space.vmas().find(virtAddr);
            if (vma == null) {
                return -EFAULT;
            }
        }
        if (vma.hugePages() != null) {
            refusal = checkHuge(vma, request);
            if (refusal != 0) {
                return refusal;
            }
            oldSize = oldSize + vma.pageBytes() - 1 & -vma.pageBytes();
            newSize = newSize + vma.pageBytes() - 1 & -vma.pageBytes();
        }
        if (request.has(MREMAP_FIXED | MREMAP_DONTUNMAP)) {
            return moveTo(request, oldSize, newSize);
        }
        if (oldSize >= newSize) {
            return shrink(virtAddr, oldSize, newSize);
        }
        refusal = checkResize(vma, request, oldSize, newSize);
        if (refusal != 0) {
            return refusal;
        }
        if (oldSize == vma.end() - virtAddr && canGrow(vma, newSize - oldSize)) {
            return grow(vma, virtAddr, newSize - oldSize);
        }
        if (!request.has(MREMAP_MAYMOVE)) {
            return -ENOMEM;
        }
        long target = space.placement().hole(newSize, PAGE_BYTES);
        return target < 0 ? target : move(new Move(virtAddr, oldSize, target, newSize, false));
    }

    private static long checkArguments(RemapRequest request) {
        int flags = request.flags();
        if ((flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE | MREMAP_DONTUNMAP)) != 0
                || (flags & (MREMAP_FIXED | MREMAP_MAYMOVE)) == MREMAP_FIXED) {
            return -EINVAL;
        }
        if ((flags & MREMAP_DONTUNMAP) != 0
                && ((flags & MREMAP_MAYMOVE) == 0 || request.oldSizeBytes() != request.newSizeBytes())) {
            return -EINVAL;
        }
        boolean outside = request.oldSizeBytes() < 0 || request.newSizeBytes() < 0;
        boolean isEmpty = pageUp(request.newSizeBytes()) == 0;
        return outside || isEmpty || (request.virtAddr() & (PAGE_BYTES - 1)) != 0 ? -EINVAL : 0;
    }

    /// Areas of huge pages are moved and shrunk by whole pages, and never grow: the promise of pages would have to.
    private static long checkHuge(Vma vma, RemapRequest request) {
        long inPage = vma.pageBytes() - 1;
        boolean isCut = ((request.virtAddr() | request.newVirtAddr()) & inPage) != 0;
        boolean grows = (request.newSizeBytes() + inPage & ~inPage) > (request.oldSizeBytes() + inPage & ~inPage);
        return isCut || grows ? -EINVAL : 0;
    }

    private long shrink(long virtAddr, long oldSize, long newSize) {
        long error = oldSize == newSize
                ? 0
                : space.unmapping().unmap(virtAddr + newSize, oldSize - newSize, FlushCause.MREMAP);
        return error != 0 ? error : virtAddr;
    }

    /// `vma_to_resize`.
    private static long checkResize(Vma vma, RemapRequest request, long oldSize, long newSize) {
        if (oldSize == 0 && !vma.has(VmaTraits.SHARED)) {
            return -EINVAL;
        }
        boolean special = vma.has(VmaTraits.DONT_EXPAND);
        if (request.has(MREMAP_DONTUNMAP) && special) {
            return -EINVAL;
        }
        if (oldSize > vma.end() - request.virtAddr()) {
            return -EFAULT;
        }
        return newSize != oldSize && special ? -EFAULT : 0;
    }

    private boolean canGrow(Vma vma, long extraBytes) {
        long newEnd = vma.end() + extraBytes;
        return newEnd > vma.end()
                && newEnd <= space.end()
                && space.vmas().overlapping(vma.end(), newEnd).isEmpty();
    }

    private long grow(Vma vma, long virtAddr, long extraBytes) {
        long oldEnd = vma.end();
        Vma grown = vma.over(vma.start(), oldEnd + extraBytes);
        space.vmas().replace(List.of(vma), List.of(grown));
        space.vmas().mergeAround(grown.start(), grown.end());
        if (vma.has(VmaTraits.LOCKED)) {
            long _ = space.population().populate(oldEnd, oldEnd + extraBytes);
        }
        return virtAddr;
    }

    /// `mremap_to`: to a given place, or to any when the old place is to stay mapped.
    private long moveTo(RemapRequest request, long oldSizeAsked, long newSize) {
        long virtAddr = request.virtAddr();
        long oldSize = oldSizeAsked;
        long target = request.newVirtAddr();
        boolean fixed = request.has(MREMAP_FIXED);
        if (fixed) {
            if ((target & (PAGE_BYTES - 1)) != 0
                    || target < 0
                    || newSize > space.end()
                    || target > space.end() - newSize
                    || (virtAddr + oldSize > target && target + newSize > virtAddr)) {
                return -EINVAL;
            }
            long error = space.unmapping().unmap(target, newSize, FlushCause.MREMAP);
            if (error != 0) {
                return error;
            }
        }
        if (oldSize > newSize) {
            long error = space.unmapping().unmap(virtAddr + newSize, oldSize - newSize, FlushCause.MREMAP);
            if (error != 0) {
                return error;
            }
            oldSize = newSize;
        }
        Vma vma = space.vmas().find(virtAddr);
        if (vma == null) {
            return -EFAULT;
        }
        long refusal = checkResize(vma, request, oldSize, newSize);
        if (refusal != 0) {
            return refusal;
        }
        long place = fixed
                ? space.placement().checkFixed(target, newSize)
                : space.placement().hole(newSize, vma.pageBytes());
        return place < 0 ? place : move(new Move(virtAddr, oldSize, place, newSize, request.has(MREMAP_DONTUNMAP)));
    }

    /// What is to be moved where.
    private record Move(long from, long oldSize, long target, long newSize, boolean keepsOld) {}

    /// `move_vma`: the new area, the entries, then the old area.
    private long move(Move move) {
        Vma vma = space.vmas().find(move.from);
        if (vma == null || space.vmas().size() >= MapOperation.MOST_AREAS - 3) {
            return vma == null ? -EFAULT : -ENOMEM;
        }
        long refusal = checkMove(vma, move);
        if (refusal != 0) {
            return refusal;
        }
        try {
            unshare(move.from, move.from + move.oldSize);
            // A table that is shared may have free addresses: what comes there must not come for all.
            unshare(move.target, move.target + move.oldSize);
        } catch (OutOfFramesException _) {
            return -ENOMEM;
        }
        // A private area without pages of its own takes the page numbers of its new place.
        boolean renumbered = vma.mapping() instanceof Mapping.Anonymous && !vma.has(VmaTraits.HAS_ANONYMOUS);
        long pageOffset = renumbered ? move.target >> PAGE_SHIFT : vma.pageIndex(move.from);
        Vma moved = new Vma(move.target, move.target + move.newSize, pageOffset, vma.traits());
        space.vmas().insert(moved);
        if (!new EntryMove(space, vma).move(move.from, move.oldSize, move.target)) {
            refusal = space.unmapping().unmap(move.target, move.newSize, FlushCause.MREMAP);
            return refusal != 0 ? refusal : -ENOMEM;
        }
        space.hugeReservations().move(move.from, move.oldSize, move.target);
        space.vmas().mergeAround(moved.start(), moved.end());
        if (!move.keepsOld && move.oldSize > 0) {
            refusal = space.unmapping().unmap(move.from, move.oldSize, FlushCause.MREMAP);
        }
        if (vma.has(VmaTraits.LOCKED)) {
            long _ = space.population().populate(move.target + move.oldSize, move.target + move.newSize);
        }
        return refusal != 0 ? refusal : move.target;
    }

    private void unshare(long start, long end) {
        space.context().shootdown().redeemRange(space, space.unshare(start, end, Change.MOVE), FlushCause.MREMAP);
    }

    private static long checkMove(Vma vma, Move move) {
        if (!(vma.mapping() instanceof Mapping.Shown(var window))) {
            return 0;
        }
        if (vma.start() != move.from || vma.sizeBytes() != move.oldSize) {
            return window.maySplit(vma, move.from);
        }
        return window.mayMove(vma);
    }

    private static long pageUp(long bytes) {
        return bytes + PAGE_BYTES - 1 & -PAGE_BYTES;
    }
}
