package sharewalk.kernel.share.sharedpt;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FlushReach;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.Vma;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.memory.FrameBatch;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;
import sharewalk.mmu.table.TableCursor;

/// The leaf tables of a host, an address space that no hart runs in, as processes have them under their PMD entries.
/// Addresses are the same on both sides.
public final class LeafTables {
    private static final int LEVEL = 0;

    private final AddressSpace host;
    private final long slotBytes;

    private LeafTables(AddressSpace host, long slotBytes) {
        this.host = host;
        this.slotBytes = slotBytes;
    }

    /// Returns the tables of a new host whose addresses are `[start, end)`, reported under `name`. What is changed in
    /// it is flushed on every hart.
    ///
    /// @throws OutOfFramesException when RAM is used up
    public static LeafTables create(MemoryContext context, long start, long end, String name) {
        AddressSpace host = AddressSpace.createRegion(context, start, name, LEVEL, FlushReach.EVERY_HART);
        host.setRegionEnd(end);
        return new LeafTables(host, slotBytes(context.paging()));
    }

    /// Returns what one leaf table translates (`PMD_SIZE`): 2 MiB.
    public static long slotBytes(PagingMode mode) {
        return mode.tableCoverageBytes(LEVEL);
    }

    /// Returns the host.
    public AddressSpace host() {
        return host;
    }

    /// Returns whether a process has the host's table for an address, be it that neither has one.
    public boolean isSame(AddressSpace space, long virtAddr) {
        return space.table().cursor().attachedAt(virtAddr)
                == host.table().cursor().attachedAt(virtAddr);
    }

    /// Hangs the host's table for an address into a process that has another or none; returns whether it did.
    ///
    /// @throws OutOfFramesException when RAM is used up
    public boolean attach(AddressSpace space, Vma vma, long virtAddr) {
        @Nullable SharedSubtree table = host.table().cursor().attachedAt(virtAddr);
        TableCursor cursor = space.table().cursor();
        if (table == null || cursor.attachedAt(virtAddr) == table) {
            return false;
        }
        long slot = virtAddr & -slotBytes;
        space.context().shootdown().redeemUnseen(cursor.attach(slot, table));
        space.domains().join(table, slot, vma.prot());
        space.context().shootdown().fence(space, virtAddr);
        return true;
    }

    /// Takes the tables of the slots that have an address in `[start, end)` out of a process; the caller redeems.
    public PendingInvalidation detach(AddressSpace space, long start, long end) {
        TableCursor cursor = space.table().cursor();
        PendingInvalidation pending = PendingInvalidation.NONE;
        for (long slot : slots(space, start, end)) {
            pending = pending.merge(cursor.detach(slot));
            space.domains().leave(slot);
        }
        return pending;
    }

    /// Gives a process, for each table that it has of the host's in `[start, end)`, one of its own with the same
    /// entries, each holding its frame; the caller redeems.
    ///
    /// @throws OutOfFramesException when RAM is used up; what was copied by then is dropped, to be faulted in again
    public PendingInvalidation copy(AddressSpace space, long start, long end) {
        TableCursor cursor = space.table().cursor();
        PendingInvalidation pending = PendingInvalidation.NONE;
        for (long slot : slots(space, start, end)) {
            try {
                pending = pending.merge(cursor.unshareByCopy(slot, (_, pte, _) -> retained(space, pte)));
            } catch (OutOfFramesException e) {
                FrameBatch frames = new FrameBatch();
                PendingInvalidation dropped = cursor.unmapRange(
                        start,
                        slot,
                        (_, pte, level) ->
                                frames.add(space.context().paging().format().leafPfn(pte, level)));
                space.context().shootdown().redeem(space, pending.merge(dropped).releasing(frames), FlushCause.UNSHARE);
                throw e;
            }
            space.domains().leave(slot);
        }
        return pending;
    }

    private static long retained(AddressSpace space, long pte) {
        space.context().frames().retain(space.context().paging().format().pfn(pte));
        return pte;
    }

    /// Returns where a process has tables of a host in `[start, end)`.
    private long[] slots(AddressSpace space, long start, long end) {
        return space.table().cursor().attachedIn(start & -slotBytes, end).keySet().stream()
                .mapToLong(Long::longValue)
                .toArray();
    }
}
