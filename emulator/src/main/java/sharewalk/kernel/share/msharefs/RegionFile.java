package sharewalk.kernel.share.msharefs;

import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOTTY;
import static sharewalk.abi.Errno.EOPNOTSUPP;

import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.RegularFile;
import sharewalk.kernel.mm.MapSource;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.region.RegionWindow;

/// The file of a region: sized once, filled by ioctl(2), mapped by mmap(2), neither read nor written (patches 3, 5,
/// 18 to 20). Windows keep it alive.
final class RegionFile extends RegularFile implements FileOperations, RegionWindow.References {
    private static final int CREATE_MAPPING = 0x4028_7800;
    private static final int UNMAP = 0x4010_7801;

    private final MshareRegion region;
    private final Surroundings surroundings;

    RegionFile(MshareFileSystem fileSystem, int permissions, MshareRegion region, Surroundings surroundings) {
        super(fileSystem, permissions);
        this.region = region;
        this.surroundings = surroundings;
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
        boolean isChange = request == CREATE_MAPPING || request == UNMAP;
        if (isChange && region.rules().changesNeedWriting() && !file.canWrite()) {
            return -EBADF;
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
        CallingTask caller = surroundings.caller();
        return region.createMapping(request, request.isAnonymous() ? null : caller.fileToMap(request.descriptor()));
    }

    @Override
    protected void discarded() {
        surroundings.owners().forget(region);
        region.discard();
    }
}
