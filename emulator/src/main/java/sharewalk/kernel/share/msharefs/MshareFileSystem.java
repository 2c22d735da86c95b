package sharewalk.kernel.share.msharefs;

import static sharewalk.abi.Errno.ENOMEM;

import sharewalk.kernel.fs.Directory;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.FileSystemStatus;
import sharewalk.kernel.fs.Inode;
import sharewalk.kernel.fs.Outcome;
import sharewalk.mmu.table.OutOfFramesException;

/// One mount of msharefs: a tree of directories and region files, `mshare_info` in its root.
final class MshareFileSystem extends FileSystem {
    private static final long MAGIC = 0x4d53_4852;
    private static final String INFO_NAME = "mshare_info";

    private final Surroundings surroundings;
    private final MshareDirectory root;

    MshareFileSystem(FileSystemContext context, Surroundings surroundings) {
        super(context);
        this.surroundings = surroundings;
        this.root = MshareDirectory.root(this);
        root.put(
                INFO_NAME,
                new AlignmentFile(
                        this, MshareRegion.alignment(surroundings.memory().paging())));
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
            region =
                    MshareRegion.create(surroundings.memory(), MsharefsDesign.MOUNT_POINT + path, surroundings.rules());
        } catch (OutOfFramesException _) {
            return Outcome.error(-ENOMEM);
        }
        surroundings.owners().created(surroundings.caller().id(), region);
        return Outcome.of(new RegionFile(this, permissions, region, surroundings));
    }
}
