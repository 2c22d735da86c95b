package sharewalk.kernel.share.sharedpt2026;

import java.util.TreeMap;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.share.sharedpt.LeafTables;

/// The processes that share tables, a process and those forked from it, and the shadow that has them (`ptshare_desc`).
final class Domain {
    /// What the shadow's table pages are reported under.
    private static final String NAME = "[shared-pt shadow]";

    private final LeafTables tables;
    private final TreeMap<Long, ShadowArea> areas = new TreeMap<>();
    private int members = 1;

    /// Makes the domain of a process that has none.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    Domain(MemoryContext context) {
        this.tables = LeafTables.create(context, 0, context.paging().userEnd(), NAME);
    }

    LeafTables tables() {
        return tables;
    }

    AddressSpace shadow() {
        return tables.host();
    }

    void join() {
        members++;
    }

    /// Notes that a member has ended, its areas gone; the last one ends the domain.
    void leave() {
        members--;
        if (members == 0) {
            shadow().release();
        }
    }

    /// Returns whether the shadow has an area at an address of `[start, end)`.
    boolean overlaps(long start, long end) {
        return !shadow().vmas().overlapping(start, end).isEmpty();
    }

    /// Adds an area to the shadow; returns it, or null if it cannot be mapped there.
    ShadowArea add(MapRequest request) {
        long result = shadow().map(request);
        if (result != request.virtAddr()) {
            throw new IllegalStateException("shadow area: error %d".formatted(result));
        }
        ShadowArea area = new ShadowArea(this, areaAt(result).over(result, result + request.sizeBytes()));
        areas.put(area.start(), area);
        return area;
    }

    /// Removes an area that no process shows any more.
    void remove(ShadowArea area) {
        areas.remove(area.start());
        long _ = shadow().unmap(area.start(), area.sizeBytes());
    }

    /// Returns the shadow's area at an address of a process's.
    Vma areaAt(long virtAddr) {
        Vma area = shadow().vmas().find(virtAddr);
        if (area == null) {
            throw new IllegalStateException("no shadow of %#x".formatted(virtAddr));
        }
        return area;
    }
}
