package sharewalk.kernel.share.region;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_FIXED_NOREPLACE;
import static sharewalk.abi.MmapFlags.MAP_LOCKED;
import static sharewalk.abi.MmapFlags.MAP_POPULATE;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.FlushReach;
import sharewalk.kernel.mm.HugePages;
import sharewalk.kernel.mm.KernelRules;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.Vma;
import sharewalk.mmu.paging.PagingMode;

/// A region: memory with an address space of its own, the host space, whose table pages of one level processes
/// attach where they show it. What is mapped in it, with which rights, is the same for all of them.
///
/// Places in it are offsets in bytes; offset 0 is the host's address [#base]. Operations return 0 or a negative
/// error number.
public final class Region {
    private final AddressSpace hostSpace;
    private final long base;
    private final int sharedLevel;
    private final long slotBytes;
    private long sizeBytes;

    /// How a region is made.
    ///
    /// @param name under which its table pages are reported
    /// @param base the host's address of offset 0, a multiple of a slot
    /// @param sharedLevel the level of the table pages that are attached
    /// @param reach whom a change of its tables reaches
    public record Plan(String name, long base, int sharedLevel, FlushReach reach) {}

    private Region(MemoryContext context, Plan plan) {
        this.hostSpace = AddressSpace.createRegion(context, plan.base, plan.name, plan.sharedLevel, plan.reach);
        this.base = plan.base;
        this.sharedLevel = plan.sharedLevel;
        this.slotBytes = slotBytes(context.paging(), plan.sharedLevel);
    }

    /// Returns a new region of size 0.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    public static Region create(MemoryContext context, Plan plan) {
        return new Region(context, plan);
    }

    /// Returns a new region of a size, its tables shared at the lowest level whose slot holds all of it: so that a
    /// process attaches one entry, and the addresses that pad it to a slot are no more than needed. Regions larger
    /// than a P4D entry take several of these. A change reaches the sharers, one after the other.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    public static Region padded(MemoryContext context, String name, long sizeBytes) {
        PagingMode mode = context.paging();
        int level = paddingLevel(mode, sizeBytes);
        Region region = create(context, new Plan(name, slotBytes(mode, level), level, FlushReach.SHARERS));
        region.setSize(sizeBytes);
        return region;
    }

    /// Returns the bytes of a slot of a [#padded] region of a size.
    public static long paddingSlotBytes(PagingMode mode, long sizeBytes) {
        return slotBytes(mode, paddingLevel(mode, sizeBytes));
    }

    private static int paddingLevel(PagingMode mode, long sizeBytes) {
        int level = 0;
        while (level < largestSharedLevel(mode) && slotBytes(mode, level) < sizeBytes) {
            level++;
        }
        return level;
    }

    /// Returns the level of the table pages that P4D entries point at: no larger piece is shared.
    public static int largestSharedLevel(PagingMode mode) {
        return KernelRules.p4dLevel(mode) - 1;
    }

    /// Returns the bytes that one table page of a level translates.
    public static long slotBytes(PagingMode mode, int sharedLevel) {
        return mode.coverageBytes(sharedLevel + 1);
    }

    /// Sets the size; what lies beyond cannot be mapped.
    public void setSize(long newSizeBytes) {
        sizeBytes = newSizeBytes;
        hostSpace.setRegionEnd(newSizeBytes > Long.MAX_VALUE - base ? Long.MAX_VALUE : base + newSizeBytes);
    }

    /// Returns the size.
    public long sizeBytes() {
        return sizeBytes;
    }

    /// Returns the size rounded up to slots: the addresses that a window takes.
    public long paddedBytes() {
        return sizeBytes + slotBytes - 1 & -slotBytes;
    }

    /// Returns the bytes of one slot: what one attached table page translates.
    public long slotBytes() {
        return slotBytes;
    }

    /// Returns the region's own address space.
    public AddressSpace hostSpace() {
        return hostSpace;
    }

    /// Returns the host's address of offset 0.
    public long base() {
        return base;
    }

    /// Returns whether bytes `[offset, offset + bytes)` lie in the region.
    public boolean contains(long offset, long bytes) {
        return Long.compareUnsigned(offset, sizeBytes) < 0
                && Long.compareUnsigned(bytes, sizeBytes) <= 0
                && Long.compareUnsigned(offset, sizeBytes - bytes) <= 0;
    }

    /// Maps something at an offset, for all sharers, over what is there: `flags` says how shared, and may have
    /// MAP_FIXED_NOREPLACE. Pages are not brought in, whatever it says. A file of huge pages that are
    /// larger than what an entry of the shared tables maps is refused: -EINVAL.
    ///
    /// Preconditions:
    /// - `file` is null for memory without a file
    public long map(long offset, long bytes, int prot, int flags, @Nullable FileToMap file, long fileOffset) {
        if (file != null && file.source() instanceof HugePages pages && pages.leafLevel() > sharedLevel) {
            return -EINVAL;
        }
        int kept = flags & ~(MAP_POPULATE | MAP_LOCKED | MAP_ANONYMOUS);
        int placed = (kept & MAP_FIXED_NOREPLACE) != 0 ? kept : kept | MAP_FIXED;
        MapRequest request = new MapRequest(
                base + offset, bytes, prot, file == null ? placed | MAP_ANONYMOUS : placed, file, fileOffset);
        long result = hostSpace.map(request);
        return result < 0 ? result : 0;
    }

    /// Unmaps bytes for all sharers; holes are no error.
    public long unmap(long offset, long bytes) {
        return hostSpace.unmap(base + offset, bytes);
    }

    /// Gives bytes other rights, for all sharers.
    public long protect(long offset, long bytes, int prot) {
        return contains(offset, bytes) ? hostSpace.protect(base + offset, bytes, prot) : -EINVAL;
    }

    /// Takes advice about bytes, for all sharers.
    public long advise(long offset, long bytes, int advice) {
        return contains(offset, bytes) ? hostSpace.advise(base + offset, bytes, advice) : -EINVAL;
    }

    /// Unmaps everything, for all sharers.
    public void clear() {
        long end = hostSpace.end();
        if (end > base) {
            long _ = hostSpace.unmap(base, end - base);
        }
    }

    /// Returns every right that something in the region has: bits of `MmapProt`.
    public int rightsUsed() {
        int rights = 0;
        for (Vma vma : hostSpace.vmas().all()) {
            rights |= vma.prot();
        }
        return rights;
    }

    /// Gives up the host space; nobody shows the region any more.
    public void discard() {
        hostSpace.release();
    }
}
