package sharewalk.kernel.share.container;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOTTY;
import static sharewalk.abi.MmapFlags.MAP_FIXED_NOREPLACE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.page.PagedFile;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapSource;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.region.MapArgument;
import sharewalk.kernel.share.region.Region;
import sharewalk.kernel.share.region.RegionNode;
import sharewalk.kernel.share.region.RegionWindow;

/// A descriptor that holds mappings: parts of files, put in, taken out and given other rights by ioctl(2), at once
/// for every process that maps the descriptor. It lives while a descriptor or a window refers to it.
final class Container extends RegionNode implements RegionWindow.References {
    /// `_IOW('x', 0x10, struct container_map)`
    private static final int MAP = 0x4028_7810;
    /// `_IOW('x', 0x11, struct container_range)`
    private static final int UNMAP = 0x4018_7811;
    /// `_IOW('x', 0x12, struct container_range)`
    private static final int PROTECT = 0x4018_7812;

    /// A flag of MAP: EEXIST where something is mapped already.
    private static final int NO_REPLACE = 1;

    private final CallingTask caller;
    private final ContainerWindow window;

    Container(FileSystem fileSystem, MemoryContext memory, CallingTask caller) {
        super(fileSystem, memory, "container");
        this.caller = caller;
        this.window = new ContainerWindow(this);
        window.keepAlive(this);
    }

    @Override
    public Outcome<MapSource> mapSource(OpenFile file) {
        return Outcome.of(window);
    }

    @Override
    public long ioctl(OpenFile file, int request, long argument, CallerMemory from) {
        @Nullable Region region = region();
        if (request != MAP && request != UNMAP && request != PROTECT) {
            return -ENOTTY;
        }
        if (region == null) {
            return -EINVAL;
        }
        return switch (request) {
            case MAP -> with(from, argument, new byte[MapArgument.BYTES], bytes -> map(region, MapArgument.of(bytes)));
            case UNMAP ->
                with(from, argument, new byte[RangeArgument.BYTES], bytes -> unmap(region, RangeArgument.of(bytes)));
            default ->
                with(from, argument, new byte[RangeArgument.BYTES], bytes -> protect(region, RangeArgument.of(bytes)));
        };
    }

    private static long with(CallerMemory from, long virtAddr, byte[] struct, Function<byte[], Long> action) {
        long error = from.copyIn(virtAddr, struct);
        return error != 0 ? error : action.apply(struct);
    }

    private long map(Region region, MapArgument map) {
        if ((map.flags() & ~NO_REPLACE) != 0 || map.fileOffset() < 0 || !map.isWellFormedFor(region)) {
            return -EINVAL;
        }
        long refusal = checkRights(map.prot());
        if (refusal != 0) {
            return refusal;
        }
        @Nullable FileToMap file = caller.fileToMap(map.descriptor());
        if (file == null) {
            return -EBADF;
        }
        if (!admits(file.source())) {
            return -EINVAL;
        }
        int flags = MAP_SHARED | (map.flags() == 0 ? 0 : MAP_FIXED_NOREPLACE);
        return region.map(map.offset(), map.sizeBytes(), map.prot(), flags, file, map.fileOffset());
    }

    /// Only what has a page cache of its own: the pages belong to the file, so nobody need own the container.
    private static boolean admits(@Nullable MapSource source) {
        return source instanceof PagedFile;
    }

    private static long unmap(Region region, RangeArgument range) {
        return range.prot() == 0 && region.contains(range.offset(), range.sizeBytes())
                ? region.unmap(range.offset(), range.sizeBytes())
                : -EINVAL;
    }

    private long protect(Region region, RangeArgument range) {
        long refusal = checkRights(range.prot());
        return refusal != 0 ? refusal : region.protect(range.offset(), range.sizeBytes(), range.prot());
    }

    /// Nothing in it is executable, and nothing has a right that a window lacks.
    private long checkRights(int prot) {
        if ((prot & ~(PROT_READ | PROT_WRITE)) != 0) {
            return -EINVAL;
        }
        return window.coversRights(prot) ? 0 : -EACCES;
    }
}
