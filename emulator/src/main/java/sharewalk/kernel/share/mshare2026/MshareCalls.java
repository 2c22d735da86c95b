package sharewalk.kernel.share.mshare2026;

import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_FIXED_NOREPLACE;
import static sharewalk.abi.MmapFlags.MAP_NORESERVE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;

import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.Window;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.DesignCall;
import sharewalk.kernel.share.region.MapArgument;
import sharewalk.kernel.share.region.Owners;
import sharewalk.kernel.share.region.Region;
import sharewalk.kernel.share.region.RegionDescriptors;

/// The system calls of the design.
final class MshareCalls {
    private static final int MAP_FLAGS = MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_FIXED_NOREPLACE | MAP_NORESERVE;

    private final MemoryContext memory;
    private final CallingTask caller;
    private final RegionDescriptors descriptors;
    private final Owners<SharedMemory> owners = new Owners<>();

    MshareCalls(MemoryContext memory, CallingTask caller) {
        this.memory = memory;
        this.caller = caller;
        this.descriptors = new RegionDescriptors(caller);
    }

    List<DesignCall> all() {
        return List.of(
                new DesignCall(SystemCall.MSHARE_CREATE, this::create),
                new DesignCall(SystemCall.MSHARE_ATTACH, this::attach),
                new DesignCall(SystemCall.MSHARE_DETACH, args -> SharedMemory.detach(caller.space(), args[0])),
                new DesignCall(SystemCall.MSHARE_MAP, this::map),
                new DesignCall(SystemCall.MSHARE_UNMAP, this::unmap),
                new DesignCall(
                        SystemCall.MSHARE_PROTECT,
                        args -> withRegion(args, region -> region.protect(args[1], args[2], (int) args[3]))),
                new DesignCall(
                        SystemCall.MSHARE_ADVISE,
                        args -> withRegion(args, region -> region.advise(args[1], args[2], (int) args[3]))));
    }

    void taskExited(long taskId) {
        owners.exited(taskId);
    }

    /// mshare_create(flags)
    private long create(long[] args) {
        return descriptors.open((int) args[0], fileSystem -> {
            SharedMemory made = new SharedMemory(fileSystem, memory);
            owners.created(caller.id(), made);
            return made;
        });
    }

    /// mshare_attach(fd, offset, size, addr, flags)
    private long attach(long[] args) {
        return withMemory(args, shared -> shared.attach(caller.space(), args[1], args[2], args[3], (int) args[4]));
    }

    /// mshare_map(fd, struct mshare_map *, size of it)
    private long map(long[] args) {
        return withRegion(args, region -> {
            byte[] struct = new byte[MapArgument.BYTES];
            if (args[2] != struct.length) {
                return -EINVAL;
            }
            long error = caller.memory().copyIn(args[1], struct);
            return error != 0 ? error : map(region, MapArgument.of(struct));
        });
    }

    private long map(Region region, MapArgument map) {
        boolean isShared = (map.flags() & MAP_SHARED) != 0 && (map.flags() & ~MAP_FLAGS) == 0;
        if (!isShared || !map.isWellFormedFor(region)) {
            return -EINVAL;
        }
        @Nullable FileToMap file = null;
        if ((map.flags() & MAP_ANONYMOUS) == 0) {
            file = caller.fileToMap(map.descriptor());
            if (file == null) {
                return -EBADF;
            }
            if (file.source() instanceof Window) {
                return -EINVAL;
            }
        }
        return region.map(map.offset(), map.sizeBytes(), map.prot(), map.flags(), file, map.fileOffset());
    }

    /// mshare_unmap(fd, offset, size)
    private long unmap(long[] args) {
        return withRegion(args, region -> region.contains(args[1], args[2]) ? region.unmap(args[1], args[2]) : -EINVAL);
    }

    private long withRegion(long[] args, ToLongFunction<Region> action) {
        return withMemory(args, shared -> {
            @Nullable Region region = shared.region();
            return region == null ? -EINVAL : action.applyAsLong(region);
        });
    }

    private long withMemory(long[] args, ToLongFunction<SharedMemory> action) {
        @Nullable OpenFile file = caller.file((int) args[0]);
        if (file == null || file.isPathOnly()) {
            return -EBADF;
        }
        return file.inode() instanceof SharedMemory shared ? action.applyAsLong(shared) : -EINVAL;
    }
}
