package sharewalk.kernel.share.msharefs;

import static sharewalk.abi.Errno.ENOMEM;

import sharewalk.kernel.fs.Directory;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.FileSystemStatus;
import sharewalk.kernel.fs.Inode;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.mmu.table.OutOfFramesException;

/// One mount of msharefs: a tree of directories and region files, `mshare_info` in its root.
final class MshareFileSystem extends FileSystem {
    private static final long MAGIC = 0x4d53_4852;
    private static final String INFO_NAME = "mshare_info";

    private final MemoryContext memory;
    private final RegionOwners owners;
    private final MshareDirectory root;

    MshareFileSystem(FileSystemContext context, MemoryContext memory, RegionOwners owners) {
        super(context);
        this.memory = memory;
        this.owners = owners;
        this.root = MshareDirectory.root(this);
        root.put(INFO_NAME, new AlignmentFile(this, MshareRegion.alignment(memory.paging())));
    }

    @Override
    public String typeName() {
        return "msharefs";
    }

    @Override
    public Directory root() {
        return root;
    }

    @Override
    public FileSystemStatus status() {
        return FileSystemStatus.withoutBlocks(MAGIC);
    }

    /// Returns a new region file owned by the calling task; its region is reported under `path`.
    Outcome<Inode> newRegion(String path, int permissions) {
        MshareRegion region;
        try {
            region = MshareRegion.create(memory, MsharefsDesign.MOUNT_POINT + path);
        } catch (OutOfFramesException _) {
            return Outcome.error(-ENOMEM);
        }
        owners.created(region);
        return Outcome.of(new RegionFile(this, permissions, region, owners));
    }
}
