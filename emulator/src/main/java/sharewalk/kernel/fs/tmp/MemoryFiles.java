package sharewalk.kernel.fs.tmp;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENODEV;
import static sharewalk.abi.MmapFlags.MAP_HUGE_MASK;
import static sharewalk.abi.MmapFlags.MAP_HUGE_SHIFT;
import static sharewalk.abi.OpenFlags.MFD_ALLOW_SEALING;
import static sharewalk.abi.OpenFlags.MFD_CLOEXEC;
import static sharewalk.abi.OpenFlags.MFD_EXEC;
import static sharewalk.abi.OpenFlags.MFD_HUGETLB;
import static sharewalk.abi.OpenFlags.MFD_NOEXEC_SEAL;
import static sharewalk.abi.OpenFlags.O_LARGEFILE;
import static sharewalk.abi.OpenFlags.O_RDWR;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.Mount;
import sharewalk.kernel.fs.MountOptions;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.OpenFiles;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.mm.HugeMemory;
import sharewalk.kernel.mm.HugePagePool;
import sharewalk.kernel.mm.MapSource;

/// Files in memory that never had a name: memfd_create(2), and what mapping /dev/zero gives.
///
/// They live in a tmpfs outside the tree, bounded by the RAM alone.
public final class MemoryFiles {
    private static final int NAME_LIMIT = 249;
    private static final int KNOWN_FLAGS = MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC;

    private final FileSystemContext context;
    private final HugeMemory hugeMemory;
    private final Map<HugePagePool, HugeFileSystem> hugeFileSystems = new HashMap<>();
    private final TmpFileSystem fileSystem;
    private final Mount mount;
    private final OpenFiles openFiles;

    /// Creates the place for such files.
    public MemoryFiles(FileSystemContext context, PageFrames frames, HugeMemory hugeMemory, OpenFiles openFiles) {
        this.context = context;
        this.hugeMemory = hugeMemory;
        this.fileSystem =
                TmpFileSystem.of(context, frames, frames.allFrames(), 0755).withHugePages(hugeMemory, null);
        this.mount = new Mount(fileSystem, null, "tmpfs", MountOptions.DEFAULT);
        this.openFiles = openFiles;
    }

    /// Makes a file and opens it (memfd_create(2)); closing on exec is left to the descriptor.
    public Outcome<OpenFile> open(String name, int flags) {
        boolean contradicts = (flags & MFD_NOEXEC_SEAL) != 0 && (flags & MFD_EXEC) != 0;
        boolean isHuge = (flags & MFD_HUGETLB) != 0;
        int unknown = flags & ~(isHuge ? KNOWN_FLAGS | MFD_HUGETLB | MAP_HUGE_MASK << MAP_HUGE_SHIFT : KNOWN_FLAGS);
        if (unknown != 0 || contradicts || name.length() > NAME_LIMIT) {
            return Outcome.error(-EINVAL);
        }
        if (isHuge) {
            return openHuge("/memfd:" + name, flags);
        }
        boolean isExecutable = (flags & MFD_NOEXEC_SEAL) == 0;
        Outcome<TmpFile> made = make(isExecutable ? 0777 : 0666);
        if (made.isError()) {
            return made.failed();
        }
        TmpFile file = made.value();
        if (!isExecutable || (flags & MFD_ALLOW_SEALING) != 0) {
            file.allowSealing();
        }
        String path = "/memfd:" + name;
        file.retain();
        Outcome<OpenFile> opened = openFiles.open(new Location(mount, file, path), path, file, O_RDWR | O_LARGEFILE);
        file.release();
        return opened;
    }

    /// A size that the machine does not have is not found (`hugetlb_file_setup`). Such files cannot be sealed.
    private Outcome<OpenFile> openHuge(String path, int flags) {
        Optional<HugePagePool> pool = hugeMemory.ofShift(flags >>> MAP_HUGE_SHIFT & MAP_HUGE_MASK);
        if (pool.isEmpty()) {
            return Outcome.error(-ENODEV);
        }
        HugeFileSystem huge = hugeFileSystems.computeIfAbsent(
                pool.get(), size -> new HugeFileSystem(context, fileSystem.frames(), size, 0755));
        long refusal = huge.space().takeInode();
        if (refusal < 0) {
            return Outcome.error(refusal);
        }
        HugeFile file = new HugeFile(huge, (flags & MFD_NOEXEC_SEAL) == 0 ? 0777 : 0666).withoutName();
        file.retain();
        Mount hugeMount = new Mount(huge, null, "hugetlbfs", MountOptions.DEFAULT);
        Outcome<OpenFile> opened =
                openFiles.open(new Location(hugeMount, file, path), path, file, O_RDWR | O_LARGEFILE);
        file.release();
        return opened;
    }

    /// Makes a file of zeros that lives while it is mapped, and shows there under the given path.
    public Outcome<MapSource> zeros(long sizeBytes, String path) {
        Outcome<TmpFile> made = make(0777);
        if (made.isError()) {
            return made.failed();
        }
        TmpFile file = made.value();
        long error = file.truncate(sizeBytes);
        file.mappedAs(path);
        return error < 0 ? Outcome.error(error) : Outcome.of(file);
    }

    private Outcome<TmpFile> make(int permissions) {
        long refusal = fileSystem.space().takeInode();
        return refusal < 0
                ? Outcome.error(refusal)
                : Outcome.of(new TmpFile(fileSystem, permissions, fileSystem.frames()).withoutName(false));
    }
}
