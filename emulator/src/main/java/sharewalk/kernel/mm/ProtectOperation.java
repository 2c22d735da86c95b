package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapProt.PROT_ACCESS;
import static sharewalk.abi.MmapProt.PROT_GROWSDOWN;
import static sharewalk.abi.MmapProt.PROT_GROWSUP;
import static sharewalk.abi.MmapProt.PROT_SEM;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.util.List;
import sharewalk.kernel.mm.TableSharing.Change;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.ChangeKind;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.PendingInvalidation;

/// mprotect(2) (`do_mprotect_pkey`): one flush for the whole range; what came before an error stays changed.
final class ProtectOperation {
    private final AddressSpace space;

    ProtectOperation(AddressSpace space) {
        this.space = space;
    }

    long protect(long virtAddr, long sizeBytes, int prot) {
        int grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
        int rights = prot & ~grows;
        if (grows == (PROT_GROWSDOWN | PROT_GROWSUP) || (virtAddr & (PAGE_BYTES - 1)) != 0) {
            return -EINVAL;
        }
        if (sizeBytes == 0) {
            return 0;
        }
        long end = virtAddr + (sizeBytes + PAGE_BYTES - 1 & -PAGE_BYTES);
        if (virtAddr < 0 || end <= virtAddr) {
            return -ENOMEM;
        }
        if ((rights & ~(PROT_ACCESS | PROT_SEM)) != 0) {
            return -EINVAL;
        }
        Vma first = space.vmas().findOrNext(virtAddr);
        if (first == null || first.start() >= end) {
            return -ENOMEM;
        }
        long start = virtAddr;
        if (grows == PROT_GROWSDOWN) {
            start = first.start();
            if (!first.has(VmaTraits.GROWS_DOWN)) {
                return -EINVAL;
            }
        } else if (grows == PROT_GROWSUP) {
            return -EINVAL;
        }
        return protectAll(start, end, rights & PROT_ACCESS);
    }

    private long protectAll(long start, long end, int prot) {
        PendingInvalidation pending = PendingInvalidation.NONE;
        long next = start;
        long error = 0;
        while (next < end && error == 0) {
            Vma vma = space.vmas().find(next);
            if (vma == null) {
                error = -ENOMEM;
                continue;
            }
            long from = next;
            long to = Math.min(end, vma.end());
            next = to;
            if ((prot & ~vma.traits().maxProt()) != 0) {
                error = -EACCES;
            } else if (vma.mapping() instanceof Mapping.Shown(var window)
                    && window.protect(space, vma, from, to, prot) instanceof Window.Reply.Done(long result)) {
                error = result;
            } else {
                Vma now = space.vmas().find(from);
                next = now == null ? from : Math.min(to, now.end());
                if (now == null) {
                    // The padding of a window, which went with it.
                    error = -ENOMEM;
                } else if (prot != now.prot()) {
                    try {
                        PendingInvalidation own = space.unshare(from, next, Change.PROTECT);
                        error = split(from, next);
                        own = error == 0 ? own.merge(change(from, prot)) : own;
                        if (error == 0 && now.hugePages() != null) {
                            Vma changed = space.vmas().at(from);
                            space.context().shootdown().redeemArea(space, changed, own, FlushCause.MPROTECT);
                        } else {
                            pending = pending.merge(own);
                        }
                    } catch (OutOfFramesException _) {
                        error = -ENOMEM;
                    }
                }
            }
        }
        space.vmas().mergeAround(start, end);
        space.context().shootdown().redeem(space, pending.merge(linkTables(start, next, pending)), FlushCause.MPROTECT);
        return error;
    }

    private PendingInvalidation linkTables(long start, long end, PendingInvalidation changes) {
        PendingInvalidation linked = PendingInvalidation.NONE;
        if (changes.kind() != ChangeKind.NONE) {
            for (Vma vma : space.vmas().overlapping(start, end)) {
                linked = linked.merge(space.context().tableSharing().afterProtect(space, vma));
            }
        }
        return linked;
    }

    private long split(long start, long end) {
        long refusal = space.vmas().splitAt(start);
        return refusal != 0 ? refusal : space.vmas().splitAt(end);
    }

    /// Gives the whole area at `start` other rights.
    private PendingInvalidation change(long start, int prot) {
        Vma old = space.vmas().at(start);
        Vma vma = old.with(old.traits().withProt(prot));
        space.vmas().replace(List.of(old), List.of(vma));
        PteFormat format = space.format();
        PageRights rights = space.faults().rights();
        Permissions permissions = space.context().rules().permissions(prot);
        if (vma.mapping().isShared()) {
            return space.table()
                    .cursor()
                    .protectRange(
                            vma.start(),
                            vma.end(),
                            (virtAddr, pte, _) -> format.withPermissions(pte, rights.of(vma, virtAddr)));
        }
        boolean upgrades = (prot & PROT_WRITE) != 0;
        Permissions guarded = permissions.withoutWrite();
        return space.table().cursor().protectRange(vma.start(), vma.end(), (virtAddr, pte, _) -> {
            if (space.residency().isSwapped(pte)) {
                return pte;
            }
            // can_change_pte_writable: a page nobody else has needs no fault to be written.
            boolean writable = upgrades
                    && !rights.isGuarded(vma, virtAddr)
                    && space.faults().isExclusive(vma, virtAddr, format.pfn(pte));
            return format.withPermissions(pte, writable ? permissions : guarded);
        });
    }
}
