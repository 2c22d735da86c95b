package sharewalk.kernel.share.attach;

import static sharewalk.abi.Advice.MADV_SHARE_TABLES;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.Mapping;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.share.transparent.CachedTables;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.table.PendingInvalidation;

/// The system call `share_tables(address, bytes, flags)`: attaches the property to the areas of a range.
final class ShareTablesCall {
    private final CachedTables tables;

    ShareTablesCall(CachedTables tables) {
        this.tables = tables;
    }

    /// Returns 0 or a negative error number.
    long share(AddressSpace space, long virtAddr, long sizeBytes, int flags) {
        long start = virtAddr & -PAGE_BYTES;
        long end = virtAddr + sizeBytes + PAGE_BYTES - 1 & -PAGE_BYTES;
        if (flags != 0 || virtAddr < 0 || sizeBytes < 0 || end < start || end > space.end()) {
            return -EINVAL;
        }
        if (sizeBytes == 0) {
            return 0;
        }
        if (!space.vmas().covers(start, end)) {
            return -ENOMEM;
        }
        for (Vma vma : space.vmas().overlapping(start, end)) {
            if (!(vma.mapping() instanceof Mapping.SharedPages)) {
                return -EINVAL;
            }
        }
        long error = space.advise(start, end - start, MADV_SHARE_TABLES);
        return error != 0 ? error : adopt(space, start, end);
    }

    private long adopt(AddressSpace space, long start, long end) {
        PendingInvalidation pending = PendingInvalidation.NONE;
        for (Vma vma : space.vmas().overlapping(start, end)) {
            pending = pending.merge(tables.adopt(space, vma));
        }
        space.context().shootdown().redeem(space, pending, FlushCause.OTHER);
        return 0;
    }
}
