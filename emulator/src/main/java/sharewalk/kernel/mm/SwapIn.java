package sharewalk.kernel.mm;

import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;

/// The bringing back of a private page that an entry has in swap (`do_swap_page`).
final class SwapIn {
    private final AddressSpace space;

    SwapIn(AddressSpace space) {
        this.space = space;
    }

    /// Maps the page again: writable where nobody else has it, or has its slot, or sees the table. Returns the new
    /// entry, or 0 when RAM is used up.
    long bringBack(Vma vma, long virtAddr, long pte, AccessType access) {
        MemoryContext context = space.context();
        PteFormat format = space.format();
        long pfn = context.swap().fetch(format.pfn(pte));
        if (pfn < 0) {
            return 0;
        }
        boolean isAlone =
                context.frames().references(pfn) == 1 && space.table().cursor().attachedAt(virtAddr) == null;
        Permissions all = space.faults().rights().of(vma, virtAddr);
        Permissions permissions = isAlone ? all : all.withoutWrite();
        boolean dirty = access == AccessType.STORE && permissions.write();
        context.shootdown()
                .redeemFault(space, space.table().cursor().map(virtAddr & -PAGE_BYTES, pfn, permissions, 0, dirty));
        return space.table().cursor().pteAt(virtAddr);
    }
}
