package sharewalk.kernel.share.msharefs;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_TYPE;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FaultOutcome;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.mm.Window;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;
import sharewalk.mmu.table.TableCursor;

/// The window onto a region that processes map (patches 7 and 13): whole, aligned, neither split nor protected nor
/// moved; what is in it is the region's.
final class RegionWindow implements Window {
    private final MshareRegion region;
    private final String name;
    private References references = References.NONE;

    RegionWindow(MshareRegion region, String name) {
        this.region = region;
        this.name = name;
    }

    /// Who is to be told of the VMAs that keep the region alive: its file.
    interface References {
        /// Nobody.
        References NONE = new References() {
            @Override
            public void retain() {}

            @Override
            public void release() {}
        };

        void retain();

        void release();
    }

    void keepAlive(References newReferences) {
        references = newReferences;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long place(AddressSpace space, MapRequest request, long sizeBytes) {
        if ((request.flags() & MAP_TYPE) == MAP_PRIVATE || !region.isInitialized() || !region.hasOwner()) {
            return -EINVAL;
        }
        if (sizeBytes != region.sizeBytes()) {
            return -EINVAL;
        }
        if (sizeBytes > space.end()) {
            return -ENOMEM;
        }
        long alignment = region.alignment();
        if (request.isFixed()) {
            return (request.virtAddr() & (alignment - 1)) != 0 ? -EINVAL : request.virtAddr();
        }
        long hint = request.virtAddr() + alignment - 1 & -alignment;
        return hint > 0 && space.placement().isFree(hint, sizeBytes)
                ? hint
                : space.placement().hole(sizeBytes, alignment);
    }

    @Override
    public void opened(AddressSpace space, Vma vma) {
        references.retain();
    }

    @Override
    public void closed(AddressSpace space, Vma vma) {
        references.release();
    }

    @Override
    public long maySplit(Vma vma, long virtAddr) {
        return -EINVAL;
    }

    @Override
    public Reply protect(AddressSpace space, Vma vma, long start, long end, int prot) {
        return new Reply.Done(-EINVAL);
    }

    /// v3 would move entries inside the shared table, for everybody; refused instead.
    @Override
    public long mayMove(Vma vma) {
        return -EINVAL;
    }

    /// Detaches slot by slot, stepping from `start` even where that is not aligned (madvise(2)), as v3 does.
    @Override
    public PendingInvalidation release(AddressSpace space, Vma vma, long start, long end) {
        TableCursor cursor = space.table().cursor();
        PendingInvalidation pending = PendingInvalidation.NONE;
        for (long virtAddr = start; virtAddr < end; virtAddr += region.alignment()) {
            if (cursor.attachedAt(virtAddr) != null) {
                long slot = virtAddr & -region.alignment();
                pending = pending.merge(cursor.detach(slot));
                space.domains().leave(slot);
            }
        }
        return pending;
    }

    /// The page fault (patches 10, 12 to 14): attach the region's table if that is missing, else an ordinary fault in
    /// the host space, with the host's rights.
    @Override
    public FaultOutcome fault(AddressSpace space, Vma vma, long virtAddr, AccessType access) {
        AddressSpace host = region.hostSpace();
        long hostAddr = virtAddr - vma.start() + region.alignment();
        if (attach(space, vma, virtAddr, host.table().cursor().attachedAt(hostAddr))) {
            return new FaultOutcome.Linked();
        }
        Vma hostVma = host.vmas().find(hostAddr);
        if (hostVma == null) {
            return FaultOutcome.notMapped(virtAddr);
        }
        if (!host.allows(hostVma, access)) {
            return FaultOutcome.notAllowed(virtAddr);
        }
        FaultOutcome outcome = host.resolve(hostVma, hostAddr, access);
        if (outcome instanceof FaultOutcome.Signal(int signo, int code, long _)) {
            return new FaultOutcome.Signal(signo, code, virtAddr);
        }
        space.context().shootdown().fence(space, virtAddr);
        return outcome;
    }

    /// Attaches the region's subtree where the process's entry differs from it; returns whether it did.
    private boolean attach(AddressSpace space, Vma vma, long virtAddr, @Nullable SharedSubtree subtree) {
        TableCursor cursor = space.table().cursor();
        if (subtree == null || cursor.attachedAt(virtAddr) == subtree) {
            return false;
        }
        long slot = virtAddr & -region.alignment();
        space.context().shootdown().redeemUnseen(cursor.attach(slot, subtree));
        space.domains().join(subtree, slot, vma.prot());
        space.context().shootdown().fence(space, virtAddr);
        return true;
    }
}
