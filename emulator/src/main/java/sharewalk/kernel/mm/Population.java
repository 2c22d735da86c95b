package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapProt.PROT_WRITE;

import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PteFormat;

/// The faulting-in of pages by the kernel itself: MAP_POPULATE, mlock(2), MADV_POPULATE_READ and _WRITE. Each page that
/// had to be brought in is a minor fault, but no page-fault exception.
final class Population {
    private final AddressSpace space;

    Population(AddressSpace space) {
        this.space = space;
    }

    /// Brings in the pages of `[start, end)`, private writable ones for writing (`populate_vma_page_range`). Areas that
    /// cannot be populated are passed over. Returns 0 or the first area's error.
    long populate(long start, long end) {
        long first = 0;
        for (Vma vma : space.vmas().overlapping(start, end)) {
            boolean write = vma.traits().allows(PROT_WRITE) && !vma.mapping().isShared();
            long error = bringIn(
                    vma,
                    Math.max(start, vma.start()),
                    Math.min(end, vma.end()),
                    write ? AccessType.STORE : AccessType.LOAD);
            if (error == -ENOMEM) {
                space.outOfMemory();
                return error;
            }
            first = first != 0 ? first : error;
        }
        return first;
    }

    /// Brings in the pages of a part of an area for an access; returns 0 or a negative error number.
    long bringIn(Vma vma, long start, long end, AccessType access) {
        PteFormat format = space.format();
        for (long page = start; page < end; page += vma.pageBytes()) {
            long pte = space.table().cursor().pteAt(page);
            if (format.isPresent(pte) && (access != AccessType.STORE || format.isWritable(pte))) {
                continue;
            }
            Vma now = space.vmas().find(page);
            // The generic fault on a window fails (msharefs v3, patch 13), unless the window says otherwise.
            if (now == null
                    || (now.mapping() instanceof Mapping.Shown(var window) && !window.isPopulated())
                    || !space.context().rules().allows(vma.prot(), access)) {
                return -EFAULT;
            }
            CurrentHart current = space.context().current();
            Counter _ = current.resolvedFault();
            FaultOutcome outcome = now.mapping() instanceof Mapping.Shown(var window)
                    ? window.fault(space, now, page, access)
                    : space.faults().resolve(now, page, access);
            switch (outcome) {
                case FaultOutcome.Resolved _ -> current.counters(page).record(current.resolvedFault());
                case FaultOutcome.Linked _ -> {
                    current.counters(page).record(Counter.LINK_FAULT);
                    // A table was attached, which may or may not hold the page.
                    page -= vma.pageBytes();
                }
                case FaultOutcome.OutOfMemory _ -> {
                    return -ENOMEM;
                }
                case FaultOutcome.Signal _, FaultOutcome.Waits _ -> {
                    return -EFAULT;
                }
            }
        }
        return 0;
    }
}
