package sharewalk.kernel.mm;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.PendingInvalidation;

/// fork(2) (`dup_mmap`): areas are copied; entries only of areas that have had pages of their own, write-protected on
/// both sides and old in the child. Everything else the child faults in again.
final class ForkOperation {
    private final AddressSpace parent;
    private PendingInvalidation pending = PendingInvalidation.NONE;

    ForkOperation(AddressSpace parent) {
        this.parent = parent;
    }

    @Nullable
    AddressSpace fork() {
        AddressSpace child;
        try {
            child = AddressSpace.create(parent.context());
        } catch (OutOfFramesException _) {
            return null;
        }
        parent.context().mapHook().forked(parent, child);
        boolean complete = copyAreas(child);
        // Whatever was write-protected or not, dup_mmap ends with flush_tlb_mm.
        parent.context().shootdown().redeemWhole(parent, pending, FlushCause.FORK);
        if (!complete) {
            child.releaseFor(FlushCause.FORK);
            return null;
        }
        child.heap().copy(parent.heap());
        child.shareCode(parent);
        return child;
    }

    private boolean copyAreas(AddressSpace child) {
        for (Vma vma : parent.vmas().all()) {
            if (vma.has(VmaTraits.DONT_FORK)) {
                continue;
            }
            VmaTraits traits = vma.traits().without(VmaTraits.LOCKED);
            boolean wiped = vma.has(VmaTraits.WIPE_ON_FORK);
            Vma copied = vma.with(wiped ? traits.without(VmaTraits.HAS_ANONYMOUS) : traits);
            @Nullable
            Vma inherited =
                    vma.mapping() instanceof Mapping.Shown(var window) ? window.inherited(child, copied) : copied;
            if (inherited == null) {
                continue;
            }
            child.vmas().insert(inherited);
            if (!wiped && !giveEntries(child, vma)) {
                return false;
            }
        }
        return true;
    }

    /// Returns whether there was RAM for it.
    private boolean giveEntries(AddressSpace child, Vma vma) {
        try {
            PendingInvalidation shared = parent.context().tableSharing().forked(parent, child, vma);
            if (shared != null) {
                pending = pending.merge(shared);
                return true;
            }
        } catch (OutOfFramesException _) {
            return false;
        }
        return !vma.has(VmaTraits.HAS_ANONYMOUS) || copyEntries(child, vma);
    }

    private boolean copyEntries(AddressSpace child, Vma vma) {
        ForkedEntries.Outcome copied = ForkedEntries.copy(parent, child, vma.start(), vma.end());
        pending = pending.merge(copied.pending());
        return copied.failure() == null;
    }
}
