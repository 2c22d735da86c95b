package sharewalk.kernel.share.sharefs;

import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapFlags.MAP_TYPE;
import static sharewalk.abi.MmapProt.PROT_ACCESS;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.tmp.TmpFile;
import sharewalk.kernel.fs.tmp.TmpFileSystem;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapHook;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.Window;
import sharewalk.kernel.share.region.Region;
import sharewalk.kernel.share.region.RegionWindow;

/// The shared mappings of files whose file system shares tables: those that show the same part of the same file
/// with the same rights have one region, and so one set of tables.
final class SharedMappings implements MapHook {
    private final MemoryContext memory;
    private final Map<Part, PartWindow> windows = new LinkedHashMap<>();
    /// Whether a region is being given its file: that mapping is what sharers see, and none of theirs.
    private boolean isFilling;

    SharedMappings(MemoryContext memory) {
        this.memory = memory;
    }

    /// What a set of tables shows.
    record Part(TmpFile file, long offset, long sizeBytes, int prot) {}

    @Override
    public boolean claims(MapRequest request) {
        return !isFilling
                && (request.flags() & MAP_TYPE) != MAP_PRIVATE
                && request.sizeBytes() > 0
                && fileOf(request) != null;
    }

    private static @Nullable TmpFile fileOf(MapRequest request) {
        FileToMap mapped = request.file();
        return mapped != null
                        && mapped.source() instanceof TmpFile file
                        && file.fileSystem() instanceof TmpFileSystem fileSystem
                        && fileSystem.sharesTables()
                ? file
                : null;
    }

    /// At a slot and padded to slots, if that can be had: where the address is an order, it must be a slot's and
    /// the padding free. Otherwise the request stays as it is, to be mapped with tables of the process's own.
    @Override
    public MapRequest placed(AddressSpace space, MapRequest request) {
        long bytes = pageUp(request.sizeBytes());
        if (bytes <= 0 || bytes > memory.paging().userEnd()) {
            return request;
        }
        long slotBytes = Region.paddingSlotBytes(memory.paging(), bytes);
        long padded = bytes + slotBytes - 1 & -slotBytes;
        if (!request.isFixed()) {
            long hint = request.virtAddr() + slotBytes - 1 & -slotBytes;
            boolean isUsable = hint > 0 && space.placement().isFree(hint, padded);
            long at = isUsable ? hint : space.placement().hole(padded, slotBytes);
            return at < 0 ? request : resized(request, at, padded, MAP_FIXED);
        }
        long start = request.virtAddr();
        boolean fits = (start & slotBytes - 1) == 0
                && start >= 0
                && start <= space.end() - padded
                && space.vmas().overlapping(start + bytes, start + padded).isEmpty();
        return fits ? resized(request, start, padded, 0) : request;
    }

    private static MapRequest resized(MapRequest request, long virtAddr, long bytes, int flags) {
        return request.at(virtAddr, bytes, request.flags() | flags);
    }

    @Override
    public @Nullable Window window(AddressSpace space, MapRequest request, long virtAddr, long sizeBytes) {
        long bytes = pageUp(request.sizeBytes());
        long slotBytes = Region.paddingSlotBytes(memory.paging(), bytes);
        TmpFile file = fileOf(request);
        boolean isPadded = (virtAddr & slotBytes - 1) == 0 && sizeBytes == (bytes + slotBytes - 1 & -slotBytes);
        if (file == null || !isPadded) {
            return null;
        }
        Part part = new Part(file, request.offsetBytes(), bytes, request.prot() & PROT_ACCESS);
        return windows.computeIfAbsent(part, this::create);
    }

    private PartWindow create(Part part) {
        Region region = Region.padded(memory, part.file.name(), part.sizeBytes);
        FileToMap whole = new FileToMap(true, true, true, part.file);
        isFilling = true;
        long result = region.map(0, part.sizeBytes, part.prot, MAP_SHARED | MAP_FIXED, whole, part.offset);
        isFilling = false;
        if (result != 0) {
            throw new IllegalStateException("%s cannot be mapped: %d".formatted(part, result));
        }
        PartWindow window = new PartWindow(part, region);
        window.keepAlive(new Users(part, region));
        return window;
    }

    private static long pageUp(long bytes) {
        return bytes + PAGE_BYTES - 1 & -PAGE_BYTES;
    }

    /// The areas that show a part; with the last one its tables go.
    private final class Users implements RegionWindow.References {
        private final Part part;
        private final Region region;
        private int count;

        Users(Part part, Region region) {
            this.part = part;
            this.region = region;
        }

        @Override
        public void retain() {
            count++;
        }

        @Override
        public void release() {
            count--;
            if (count == 0) {
                windows.remove(part);
                region.clear();
                region.discard();
            }
        }
    }
}
