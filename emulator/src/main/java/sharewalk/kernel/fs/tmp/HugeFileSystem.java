package sharewalk.kernel.fs.tmp;

import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.FileSystemStatus;
import sharewalk.kernel.fs.PathWalker;
import sharewalk.kernel.fs.RegularFile;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.mm.HugePagePool;

/// hugetlbfs: a file system in memory whose files consist of huge pages of one size, from the machine's pool.
public final class HugeFileSystem extends TmpFileSystem {
    /// What statfs(2) calls the type.
    static final long HUGE_MAGIC = 0x9584_58f6L;

    private final HugePagePool pool;

    HugeFileSystem(FileSystemContext context, PageFrames frames, HugePagePool pool, int rootPermissions) {
        super(context, frames, new Space(0, frames.allFrames() / 2), rootPermissions);
        this.pool = pool;
    }

    @Override
    public String typeName() {
        return "hugetlbfs";
    }

    @Override
    public FileSystemStatus status() {
        return new FileSystemStatus(
                HUGE_MAGIC,
                (int) pool.pageBytes(),
                0,
                0,
                space().inodeLimit(),
                space().freeInodes(),
                deviceId(),
                PathWalker.NAME_LIMIT);
    }

    @Override
    RegularFile newFile(int permissions) {
        return new HugeFile(this, permissions);
    }

    @Override
    boolean makesUnnamedFiles() {
        return false;
    }

    HugePagePool pool() {
        return pool;
    }
}
