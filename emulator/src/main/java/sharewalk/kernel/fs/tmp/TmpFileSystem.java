package sharewalk.kernel.fs.tmp;

import static sharewalk.mmu.memory.PhysicalMemory.FRAME_BYTES;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.Directory;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.FileSystemStatus;
import sharewalk.kernel.fs.PathWalker;
import sharewalk.kernel.fs.RegularFile;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.mm.HugeMemory;
import sharewalk.kernel.mm.HugeShmem;
import sharewalk.kernel.mm.Vma;

/// A file system in memory.
public class TmpFileSystem extends FileSystem {
    /// What statfs(2) calls the type.
    public static final long MAGIC = 0x0102_1994;

    private final PageFrames frames;
    private final Space space;
    private final TmpDirectory root;
    private @Nullable HugeMemory hugeMemory;
    private @Nullable HugeShmem hugeOption;
    private String typeName = "tmpfs";
    private boolean sharesTables;

    TmpFileSystem(FileSystemContext context, PageFrames frames, Space space, int rootPermissions) {
        super(context);
        this.frames = frames;
        this.space = space;
        this.root = new TmpDirectory(this, rootPermissions);
    }

    /// Returns a file system that may fill half of the RAM, as Linux's default is.
    public static TmpFileSystem ofDefaultSize(FileSystemContext context, PageFrames frames, int rootPermissions) {
        return of(context, frames, frames.allFrames() / 2, rootPermissions);
    }

    /// Returns a file system that may hold so many pages.
    public static TmpFileSystem of(FileSystemContext context, PageFrames frames, long pages, int rootPermissions) {
        Space space = new Space(pages, frames.allFrames() / 2);
        return new TmpFileSystem(context, frames, space, rootPermissions);
    }

    /// Has mappings of its files share page tables, where the sharing design knows how; it is of the type
    /// `newTypeName`.
    TmpFileSystem sharingTables(String newTypeName) {
        sharesTables = true;
        typeName = newTypeName;
        return this;
    }

    /// Returns whether mappings of its files are to share page tables.
    public boolean sharesTables() {
        return sharesTables;
    }

    @Override
    public String typeName() {
        return typeName;
    }

    @Override
    public Directory root() {
        return root;
    }

    /// Returns the root as what it is, to set a tree up with.
    public TmpDirectory top() {
        return root;
    }

    @Override
    public FileSystemStatus status() {
        return new FileSystemStatus(
                MAGIC,
                FRAME_BYTES,
                space.pageLimit(),
                space.freePages(),
                space.inodeLimit(),
                space.freeInodes(),
                deviceId(),
                PathWalker.NAME_LIMIT);
    }

    @Override
    protected void unmounted() {
        root.discardAll();
    }

    /// Lets files have huge pages: as the mount says, or as `shmem_enabled` does if that is null.
    TmpFileSystem withHugePages(HugeMemory memory, @Nullable HugeShmem option) {
        hugeMemory = memory;
        hugeOption = option;
        return this;
    }

    /// Returns where huge pages come from, or null if there are none.
    @Nullable
    HugeMemory hugeMemory() {
        return hugeMemory;
    }

    /// Returns whether a page of a file of so many bytes is to get a huge page.
    boolean wantsHugePage(@Nullable Vma area, long pageIndex, long sizeBytes) {
        if (hugeMemory == null) {
            return false;
        }
        HugeShmem when = hugeOption == null ? hugeMemory.shmem() : hugeMemory.shmem(hugeOption);
        return when.allows(area, pageIndex, sizeBytes);
    }

    /// Makes a file that has a name.
    RegularFile newFile(int permissions) {
        return new TmpFile(this, permissions, frames);
    }

    /// Tells whether files without a name can be made (O_TMPFILE).
    boolean makesUnnamedFiles() {
        return true;
    }

    PageFrames frames() {
        return frames;
    }

    Space space() {
        return space;
    }
}
