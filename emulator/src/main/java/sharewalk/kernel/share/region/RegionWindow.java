package sharewalk.kernel.share.region;

import static sharewalk.abi.Errno.EINVAL;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.MmapProt;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FaultOutcome;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.mm.Window;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.table.OutOfFramesException;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.SharedSubtree;
import sharewalk.mmu.table.TableCursor;

/// The window that shows a region to processes: each area of it begins at a slot, is taken as a whole, and has the
/// region's tables attached slot by slot as it is used. What is there, and with which rights, the region says.
///
/// As it stands, it refuses to be split, protected and moved.
public abstract class RegionWindow implements Window {
    private final String name;
    private final Map<Area, Integer> areas = new LinkedHashMap<>();
    private References references = References.NONE;
    private boolean isLeaving;

    /// Creates the window of a region; `name` is shown in /proc/PID/maps.
    protected RegionWindow(String name) {
        this.name = name;
    }

    /// An area of an address space that shows the region.
    public record Area(AddressSpace space, Vma vma) {}

    /// Who is to be told of the areas that keep the region alive.
    public interface References {
        /// Nobody.
        References NONE = new References() {
            @Override
            public void retain() {}

            @Override
            public void release() {}
        };

        /// Tells of one area more.
        void retain();

        /// Tells of one area less.
        void release();
    }

    /// Returns the region.
    protected abstract Region region();

    /// Returns the place in the region that an address of an area shows: areas begin with the region, whatever file
    /// offset they were mapped with, unless a design says otherwise.
    protected long offset(Vma vma, long virtAddr) {
        return virtAddr - vma.start();
    }

    /// Says who is to be told of areas that come and go.
    public final void keepAlive(References newReferences) {
        references = newReferences;
    }

    /// Returns the areas that show the region now, in the order in which they appeared.
    public final List<Area> areas() {
        return new ArrayList<>(areas.keySet());
    }

    /// Returns whether every area that shows the region has all of some rights.
    public final boolean coversRights(int prot) {
        return areas.keySet().stream()
                .allMatch(area -> (prot & MmapProt.PROT_ACCESS & ~area.vma().prot()) == 0);
    }

    /// Returns whether an area's own rights let an access through to the region: all do, unless a design says
    /// otherwise.
    protected boolean lets(AddressSpace space, Vma vma, AccessType access) {
        return true;
    }

    /// Returns whether an area is being taken out on purpose, by [#leave].
    protected final boolean isLeaving() {
        return isLeaving;
    }

    /// Takes an area out of its address space, whatever the window answers to munmap(2).
    public final long leave(AddressSpace space, Vma vma) {
        isLeaving = true;
        try {
            return space.unmap(vma.start(), vma.sizeBytes());
        } finally {
            isLeaving = false;
        }
    }

    /// Returns where an area of `bytes` goes that begins at a slot: at the address asked for, a multiple of a slot
    /// if it is an order (else -EINVAL), rounded up to one if it is a hint and free; else in the first hole.
    protected final long placeAtSlot(AddressSpace space, MapRequest request, long bytes) {
        long slotBytes = region().slotBytes();
        if (request.isFixed()) {
            return (request.virtAddr() & (slotBytes - 1)) != 0 ? -EINVAL : request.virtAddr();
        }
        long hint = request.virtAddr() + slotBytes - 1 & -slotBytes;
        return hint > 0 && space.placement().isFree(hint, bytes)
                ? hint
                : space.placement().hole(bytes, slotBytes);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void opened(AddressSpace space, Vma vma) {
        areas.merge(new Area(space, vma), 1, Integer::sum);
        references.retain();
    }

    @Override
    public void closed(AddressSpace space, Vma vma) {
        areas.computeIfPresent(new Area(space, vma), (_, count) -> count == 1 ? null : count - 1);
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

    @Override
    public long mayMove(Vma vma) {
        return -EINVAL;
    }

    /// Detaches slot by slot.
    @Override
    public PendingInvalidation release(AddressSpace space, Vma vma, long start, long end) {
        TableCursor cursor = space.table().cursor();
        long slotBytes = region().slotBytes();
        PendingInvalidation pending = PendingInvalidation.NONE;
        for (long virtAddr = start; virtAddr < end; virtAddr += slotBytes) {
            if (cursor.attachedAt(virtAddr) != null) {
                long slot = virtAddr & -slotBytes;
                pending = pending.merge(cursor.detach(slot));
                space.domains().leave(slot);
            }
        }
        return pending;
    }

    /// The page fault: attach the region's table if that is missing, else an ordinary fault in the host space, with
    /// the host's rights.
    @Override
    public FaultOutcome fault(AddressSpace space, Vma vma, long virtAddr, AccessType access) {
        if (!lets(space, vma, access)) {
            return FaultOutcome.notAllowed(virtAddr);
        }
        AddressSpace host = region().hostSpace();
        long hostAddr = region().base() + offset(vma, virtAddr);
        try {
            if (attach(space, vma, virtAddr, host.table().cursor().attachedAt(hostAddr))) {
                return new FaultOutcome.Linked();
            }
        } catch (OutOfFramesException _) {
            return new FaultOutcome.OutOfMemory();
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
        long slot = virtAddr & -region().slotBytes();
        space.context().shootdown().redeemUnseen(cursor.attach(slot, subtree));
        space.domains().join(subtree, slot, vma.prot());
        space.context().shootdown().fence(space, virtAddr);
        return true;
    }
}
