package sharewalk.kernel.share.region;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.Errno.ENXIO;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.RegularFile;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.mmu.table.OutOfFramesException;

/// The file behind a descriptor that is a region: it never had a name, is neither read nor written, and gets its
/// size once, by ftruncate(2), any number of bytes. There is no region before.
public abstract class RegionNode extends RegularFile implements FileOperations {
    private static final int PERMISSIONS = 0600;

    private final MemoryContext memory;
    private final String name;
    private @Nullable Region region;

    /// Creates a file without a size; `name` is that of the region in reports and in /proc/PID/maps.
    protected RegionNode(FileSystem fileSystem, MemoryContext memory, String name) {
        super(fileSystem, PERMISSIONS, 0);
        this.memory = memory;
        this.name = name;
    }

    /// Returns the region; null before it has a size, and when it has been removed.
    public final @Nullable Region region() {
        return region;
    }

    /// Returns the name of the region.
    public final String name() {
        return name;
    }

    /// Returns whether it may get its size now.
    protected boolean isSizable() {
        return region == null;
    }

    /// Gives the region up.
    protected final void removeRegion() {
        Region old = region;
        region = null;
        if (old != null) {
            old.clear();
            old.discard();
        }
    }

    /// Nobody opens it a second time by way of /proc.
    @Override
    public final Outcome<FileOperations> open(int flags) {
        return Outcome.error(-ENXIO);
    }

    @Override
    public final long sizeBytes() {
        return region == null ? 0 : region.sizeBytes();
    }

    @Override
    public final long truncate(long newSizeBytes) {
        if (!isSizable() || newSizeBytes <= 0 || newSizeBytes > memory.paging().userEnd()) {
            return -EINVAL;
        }
        try {
            region = Region.padded(memory, name, newSizeBytes + PAGE_BYTES - 1 & -PAGE_BYTES);
        } catch (OutOfFramesException _) {
            return -ENOMEM;
        }
        modified();
        return 0;
    }

    @Override
    protected void discarded() {
        removeRegion();
    }
}
