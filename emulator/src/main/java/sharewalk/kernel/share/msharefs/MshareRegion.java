package sharewalk.kernel.share.msharefs;

import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_HUGETLB;
import static sharewalk.abi.MmapFlags.MAP_HUGE_MASK;
import static sharewalk.abi.MmapFlags.MAP_HUGE_SHIFT;
import static sharewalk.abi.MmapFlags.MAP_LOCKED;
import static sharewalk.abi.MmapFlags.MAP_POPULATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.KernelRules;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.Window;
import sharewalk.mmu.paging.PagingMode;

/// A region: what one msharefs file stands for. It has an address space of its own, the host space, whose tables
/// processes attach (patches 4, 5, 7, 17 to 19).
///
/// Operations return 0 or a negative error number, checks in the order of the patches.
public final class MshareRegion {
    private static final int HUGE_2M_SHIFT = 21;
    private static final int HUGE_1G_SHIFT = 30;

    private final AddressSpace hostSpace;
    private final long alignment;
    private final RegionWindow window;
    private long sizeBytes;
    private boolean initialized;
    private boolean hasOwner = true;

    private MshareRegion(MemoryContext context, String name) {
        this.alignment = alignment(context.paging());
        this.hostSpace = AddressSpace.createRegion(context, alignment, name);
        this.window = new RegionWindow(this, name);
    }

    /// Returns a new region of size 0, with its creator as the owner. `name` is that of its file.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    public static MshareRegion create(MemoryContext context, String name) {
        return new MshareRegion(context, name);
    }

    /// Returns the alignment and granularity of regions: what one P4D entry translates (`P4D_SIZE`).
    public static long alignment(PagingMode mode) {
        return mode.coverageBytes(KernelRules.p4dLevel(mode));
    }

    /// Returns the size, 0 before [#setSize].
    public long sizeBytes() {
        return sizeBytes;
    }

    /// Returns whether the size was set, be it to 0.
    public boolean isInitialized() {
        return initialized;
    }

    /// Returns whether the task that created the region still lives.
    public boolean hasOwner() {
        return hasOwner;
    }

    /// Returns what mmap(2) of the file maps.
    public Window window() {
        return window;
    }

    /// Sets the size, once and for all.
    public long setSize(long newSizeBytes) {
        if (initialized || (newSizeBytes & (alignment - 1)) != 0) {
            return -EINVAL;
        }
        initialized = true;
        sizeBytes = newSizeBytes;
        hostSpace.setRegionEnd(newSizeBytes > Long.MAX_VALUE - alignment ? Long.MAX_VALUE : alignment + newSizeBytes);
        return 0;
    }

    /// MSHAREFS_CREATE_MAPPING, the argument copied in and `file` found for its descriptor: null when there is none.
    long createMapping(CreateRequest request, @Nullable FileToMap file) {
        long start = alignment + request.regionOffset();
        long end = alignment + sizeBytes;
        if (!initialized
                || Long.compareUnsigned(start, alignment) < 0
                || Long.compareUnsigned(start, end) >= 0
                || !request.has(MAP_SHARED)
                || !request.has(MAP_FIXED)) {
            return -EINVAL;
        }
        long refusal = request.isAnonymous() ? checkHuge(request) : checkFile(request, file);
        if (refusal != 0) {
            return refusal;
        }
        if (Long.compareUnsigned(start + request.sizeBytes(), end) > 0) {
            return -EINVAL;
        }
        if (request.isAnonymous() && request.has(MAP_HUGETLB)) {
            // No huge page is reserved on this machine.
            return -ENOMEM;
        }
        // What MAP_POPULATE and MAP_LOCKED ask for is computed and thrown away; low bits of the offset are dropped.
        int flags = request.flags() & ~(MAP_POPULATE | MAP_LOCKED);
        long result = hostSpace.map(new MapRequest(
                start,
                request.sizeBytes(),
                request.prot(),
                flags,
                request.isAnonymous() ? null : file,
                request.offsetBytes() & -PAGE_BYTES));
        return result < 0 ? result : 0;
    }

    private static long checkHuge(CreateRequest request) {
        int shift = request.flags() >>> MAP_HUGE_SHIFT & MAP_HUGE_MASK;
        boolean known = shift == 0 || shift == HUGE_2M_SHIFT || shift == HUGE_1G_SHIFT;
        return request.has(MAP_HUGETLB) && !known ? -EINVAL : 0;
    }

    private static long checkFile(CreateRequest request, @Nullable FileToMap file) {
        if (file == null) {
            return -EBADF;
        }
        // Regions do not nest.
        return request.has(MAP_HUGETLB) || file.source() instanceof Window ? -EINVAL : 0;
    }

    /// MSHAREFS_UNMAP, the argument copied in.
    long unmap(UnmapRequest request) {
        long offset = request.regionOffset();
        long size = request.sizeBytes();
        if (!initialized
                || Long.compareUnsigned(size, sizeBytes) > 0
                || Long.compareUnsigned(offset, sizeBytes) >= 0
                || Long.compareUnsigned(offset, sizeBytes - size) > 0) {
            return -EINVAL;
        }
        return hostSpace.unmap(alignment + offset, size);
    }

    /// The owner has exited: everything in the region is unmapped, and it cannot be mapped any more.
    void ownerExited() {
        hasOwner = false;
        long end = hostSpace.end();
        if (end > alignment) {
            long _ = hostSpace.unmap(alignment, end - alignment);
        }
    }

    /// The last reference is gone: no file, no window.
    void discard() {
        hostSpace.release();
    }

    /// Sets whom windows keep alive: the region's file.
    void keepAlive(RegionWindow.References file) {
        window.keepAlive(file);
    }

    /// Returns the region's own address space.
    AddressSpace hostSpace() {
        return hostSpace;
    }

    long alignment() {
        return alignment;
    }
}
