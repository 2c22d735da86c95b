package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MsyncFlags.MS_ASYNC;
import static sharewalk.abi.MsyncFlags.MS_INVALIDATE;
import static sharewalk.abi.MsyncFlags.MS_SYNC;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.util.List;

/// mlock(2) and its relatives, and msync(2): nothing is ever paged out or written back here, so what shows is that
/// pages are faulted in, and the errors.
final class LockOperation {
    private final AddressSpace space;

    LockOperation(AddressSpace space) {
        this.space = space;
    }

    long lock(long virtAddr, long sizeBytes) {
        long start = virtAddr & -PAGE_BYTES;
        long end = pageUp(virtAddr + sizeBytes);
        if (end < start) {
            return -EINVAL;
        }
        if (end == start) {
            return 0;
        }
        long error = mark(start, end, true);
        if (error == 0) {
            error = space.population().populate(start, end);
        }
        // __mlock_posix_error_return
        return error == -EFAULT ? -ENOMEM : error == -ENOMEM && space.ranOutOfMemory() ? -EAGAIN : error;
    }

    long unlock(long virtAddr, long sizeBytes) {
        long start = virtAddr & -PAGE_BYTES;
        long end = pageUp(virtAddr + sizeBytes);
        if (end < start) {
            return -EINVAL;
        }
        return end == start ? 0 : mark(start, end, false);
    }

    long lockAll(boolean locked) {
        for (Vma vma : List.copyOf(space.vmas().all())) {
            setLocked(vma, locked);
            if (locked) {
                long _ = space.population().populate(vma.start(), vma.end());
            }
        }
        return 0;
    }

    long sync(long virtAddr, long sizeBytes, int flags) {
        if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0
                || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC)
                || (virtAddr & (PAGE_BYTES - 1)) != 0) {
            return -EINVAL;
        }
        long end = pageUp(virtAddr + sizeBytes);
        if (end < virtAddr) {
            return -ENOMEM;
        }
        return space.vmas().covers(virtAddr, end) ? 0 : -ENOMEM;
    }

    private long mark(long start, long end, boolean locked) {
        if (!space.vmas().covers(start, end)) {
            return -ENOMEM;
        }
        for (Vma vma : space.vmas().overlapping(start, end)) {
            if (vma.has(VmaTraits.LOCKED) == locked || vma.has(VmaTraits.DONT_EXPAND)) {
                continue;
            }
            long from = Math.max(start, vma.start());
            long to = Math.min(end, vma.end());
            long error = space.vmas().splitAt(from);
            error = error != 0 ? error : space.vmas().splitAt(to);
            Vma part = space.vmas().find(from);
            if (error != 0 || part == null) {
                return error;
            }
            setLocked(part, locked);
        }
        space.vmas().mergeAround(start, end);
        return 0;
    }

    /// Special areas, windows among them, are never locked.
    private void setLocked(Vma vma, boolean locked) {
        if (!vma.has(VmaTraits.DONT_EXPAND)) {
            VmaTraits traits =
                    locked ? vma.traits().with(VmaTraits.LOCKED) : vma.traits().without(VmaTraits.LOCKED);
            space.vmas().replace(List.of(vma), List.of(vma.with(traits)));
        }
    }

    private static long pageUp(long virtAddr) {
        return virtAddr + PAGE_BYTES - 1 & -PAGE_BYTES;
    }
}
