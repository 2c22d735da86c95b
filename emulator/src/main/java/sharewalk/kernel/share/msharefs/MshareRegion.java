package sharewalk.kernel.share.msharefs;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_HUGETLB;
import static sharewalk.abi.MmapFlags.MAP_HUGE_MASK;
import static sharewalk.abi.MmapFlags.MAP_HUGE_SHIFT;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.FlushReach;
import sharewalk.kernel.mm.HugePagePool;
import sharewalk.kernel.mm.HugePages;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.Window;
import sharewalk.kernel.share.region.Owners;
import sharewalk.kernel.share.region.Region;
import sharewalk.kernel.share.region.RegionWindow;
import sharewalk.mmu.paging.PagingMode;

/// A region: what one msharefs file stands for. It has an address space of its own, the host space, whose tables
/// processes attach (patches 4, 5, 7, 17 to 19).
///
/// Operations return 0 or a negative error number, checks in the order of the patches.
final class MshareRegion implements Owners.Owned {
    private final Region memory;
    private final Rules rules;
    private final MshareWindow window;
    private boolean initialized;
    private boolean hasOwner = true;

    private MshareRegion(MemoryContext context, String name, Rules rules) {
        int level = Region.largestSharedLevel(context.paging());
        long base = alignment(context.paging());
        this.memory = Region.create(context, new Region.Plan(name, base, level, FlushReach.EVERY_HART));
        this.rules = rules;
        this.window = new MshareWindow(this, name);
    }

    /// Returns a new region of size 0, with its creator as the owner. `name` is that of its file.
    ///
    /// @throws sharewalk.mmu.table.OutOfFramesException when RAM is used up
    static MshareRegion create(MemoryContext context, String name, Rules rules) {
        return new MshareRegion(context, name, rules);
    }

    /// Returns the alignment and granularity of regions: what one P4D entry translates (`P4D_SIZE`).
    public static long alignment(PagingMode mode) {
        return Region.slotBytes(mode, Region.largestSharedLevel(mode));
    }

    /// Returns the size, 0 before [#setSize].
    public long sizeBytes() {
        return memory.sizeBytes();
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
        if (initialized || (newSizeBytes & (memory.slotBytes() - 1)) != 0) {
            return -EINVAL;
        }
        if (newSizeBytes == 0 && !rules.takesSizeZero()) {
            return -EINVAL;
        }
        initialized = true;
        memory.setSize(newSizeBytes);
        return 0;
    }

    /// MSHAREFS_CREATE_MAPPING, the argument copied in and `file` found for its descriptor: null when there is
    /// none.
    long createMapping(CreateRequest request, @Nullable FileToMap file) {
        long start = memory.base() + request.regionOffset();
        long end = memory.base() + memory.sizeBytes();
        if (!initialized
                || Long.compareUnsigned(start, memory.base()) < 0
                || Long.compareUnsigned(start, end) >= 0
                || !request.has(MAP_SHARED)
                || !request.has(MAP_FIXED)) {
            return -EINVAL;
        }
        return request.isAnonymous() ? createAnonymous(request, start) : createOfFile(request, start, file);
    }

    private long createAnonymous(CreateRequest request, long start) {
        if (!request.has(MAP_HUGETLB)) {
            return createObject(request, start, request.sizeBytes(), null);
        }
        int shift = request.flags() >>> MAP_HUGE_SHIFT & MAP_HUGE_MASK;
        HugePagePool pool =
                memory.hostSpace().context().hugeMemory().ofShift(shift).orElse(null);
        if (pool == null) {
            return -EINVAL;
        }
        // The internal file. As that of mmap(2) it asks the pool for nothing: mapping it does.
        FileToMap internal = new FileToMap(true, true, true, new HugePages(pool, null));
        return createObject(request, start, roundedUp(request.sizeBytes(), pool), internal);
    }

    private long createOfFile(CreateRequest request, long start, @Nullable FileToMap file) {
        if (file == null) {
            return -EBADF;
        }
        if (file.source() instanceof HugePages pages) {
            return createObject(request, start, roundedUp(request.sizeBytes(), pages.pool()), file);
        }
        // Regions do not nest.
        return request.has(MAP_HUGETLB) || file.source() instanceof Window
                ? -EINVAL
                : createObject(request, start, request.sizeBytes(), file);
    }

    private static long roundedUp(long bytes, HugePagePool pool) {
        return bytes + pool.pageBytes() - 1 & -pool.pageBytes();
    }

    /// Maps `bytes` of a file, the size rounded up already; null for shared memory without one.
    private long createObject(CreateRequest request, long start, long bytes, @Nullable FileToMap file) {
        if (Long.compareUnsigned(start + bytes, memory.base() + memory.sizeBytes()) > 0) {
            return -EINVAL;
        }
        long refusal = checkStrictly(request, file);
        if (refusal != 0) {
            return refusal;
        }
        // What MAP_POPULATE and MAP_LOCKED ask for is computed and thrown away; low bits of the offset are dropped.
        long offsetBytes = request.isAnonymous() ? 0 : request.offsetBytes() & -PAGE_BYTES;
        return memory.map(request.regionOffset(), bytes, request.prot(), request.flags(), file, offsetBytes);
    }

    /// What reviewers asked for beyond the patches ([Rules]).
    private long checkStrictly(CreateRequest request, @Nullable FileToMap file) {
        if (!hasOwner && !rules.fillsWithoutOwner()) {
            return -EINVAL;
        }
        if ((request.offsetBytes() & (PAGE_BYTES - 1)) != 0 && !rules.dropsOffsetBits()) {
            return -EINVAL;
        }
        if (file != null && !rules.admits(file.source())) {
            return -EINVAL;
        }
        return rules.capsRights() && !window.coversRights(request.prot()) ? -EACCES : 0;
    }

    /// MSHAREFS_UNMAP, the argument copied in.
    long unmap(UnmapRequest request) {
        return initialized && memory.contains(request.regionOffset(), request.sizeBytes())
                ? memory.unmap(request.regionOffset(), request.sizeBytes())
                : -EINVAL;
    }

    /// Everything in the region is unmapped, and it cannot be mapped any more.
    @Override
    public void ownerExited() {
        hasOwner = false;
        memory.clear();
    }

    /// The last reference is gone: no file, no window.
    void discard() {
        memory.discard();
    }

    /// Sets whom windows keep alive: the region's file.
    void keepAlive(RegionWindow.References file) {
        window.keepAlive(file);
    }

    /// Returns what is mapped in it.
    Region memory() {
        return memory;
    }

    Rules rules() {
        return rules;
    }
}
