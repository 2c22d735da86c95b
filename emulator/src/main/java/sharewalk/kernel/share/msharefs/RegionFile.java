package sharewalk.kernel.share.msharefs;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOTTY;
import static sharewalk.abi.Errno.EOPNOTSUPP;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.RegularFile;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapSource;

/// The file of a region: sized once, filled by ioctl(2), mapped by mmap(2), neither read nor written (patches 3, 5, 18
/// to 20). Windows keep it alive.
final class RegionFile extends RegularFile implements FileOperations, RegionWindow.References {
    private static final int CREATE_MAPPING = 0x4028_7800;
    private static final int UNMAP = 0x4010_7801;

    private final MshareRegion region;
    private final RegionOwners owners;

    RegionFile(MshareFileSystem fileSystem, int permissions, MshareRegion region, RegionOwners owners) {
        super(fileSystem, permissions);
        this.region = region;
        this.owners = owners;
        region.keepAlive(this);
    }

    @Override
    public Outcome<FileOperations> open(int flags) {
        return Outcome.of(this);
    }

    @Override
    public long sizeBytes() {
        return region.sizeBytes();
    }

    @Override
    public long truncate(long sizeBytes) {
        long result = region.setSize(sizeBytes);
        if (result == 0) {
            modified();
        }
        return result;
    }

    @Override
    public long allocate(OpenFile file, int mode, long offset, long sizeBytes) {
        if (mode != 0) {
            return -EOPNOTSUPP;
        }
        return offset != 0 ? -EINVAL : truncate(sizeBytes);
    }

    @Override
    public Outcome<MapSource> mapSource(OpenFile file) {
        return Outcome.of(region.window());
    }

    @Override
    public long ioctl(OpenFile file, int request, long argument, CallerMemory memory) {
        if (!region.isInitialized()) {
            return -EINVAL;
        }
        return switch (request) {
            case CREATE_MAPPING -> {
                byte[] struct = new byte[CreateRequest.BYTES];
                long error = memory.copyIn(argument, struct);
                yield error != 0 ? error : create(CreateRequest.decode(struct));
            }
            case UNMAP -> {
                byte[] struct = new byte[UnmapRequest.BYTES];
                long error = memory.copyIn(argument, struct);
                yield error != 0 ? error : region.unmap(UnmapRequest.decode(struct));
            }
            default -> -ENOTTY;
        };
    }

    private long create(CreateRequest request) {
        OpenFile mapped = request.isAnonymous() ? null : owners.caller().file(request.descriptor());
        return region.createMapping(request, mapped == null || mapped.isPathOnly() ? null : toMap(mapped));
    }

    private static FileToMap toMap(OpenFile file) {
        Outcome<MapSource> source = file.mapSource();
        @Nullable MapSource mapped = source.isError() ? null : source.value();
        boolean writable = file.canWrite() && file.refusalToMapForWriting() == 0;
        boolean executable = !file.location().mount().options().noExec();
        return new FileToMap(file.canRead(), writable, executable, mapped);
    }

    @Override
    protected void discarded() {
        owners.forget(region);
        region.discard();
    }
}
