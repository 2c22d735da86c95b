package sharewalk.kernel.fs.tmp;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.OpenFlags.MFD_ALLOW_SEALING;
import static sharewalk.abi.OpenFlags.MFD_CLOEXEC;
import static sharewalk.abi.OpenFlags.MFD_EXEC;
import static sharewalk.abi.OpenFlags.MFD_NOEXEC_SEAL;
import static sharewalk.abi.OpenFlags.O_LARGEFILE;
import static sharewalk.abi.OpenFlags.O_RDWR;

import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.Mount;
import sharewalk.kernel.fs.MountOptions;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.OpenFiles;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.mm.MapSource;

/// Files in memory that never had a name: memfd_create(2), and what mapping /dev/zero gives.
///
/// They live in a tmpfs outside the tree, bounded by the RAM alone.
public final class MemoryFiles {
    private static final int NAME_LIMIT = 249;
    private static final int KNOWN_FLAGS = MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC;

    private final TmpFileSystem fileSystem;
    private final Mount mount;
    private final OpenFiles openFiles;

    /// Creates the place for such files.
    public MemoryFiles(FileSystemContext context, PageFrames frames, OpenFiles openFiles) {
        this.fileSystem = TmpFileSystem.of(context, frames, frames.allFrames(), 0755);
        this.mount = new Mount(fileSystem, null, "tmpfs", MountOptions.DEFAULT);
        this.openFiles = openFiles;
    }

    /// Makes a file and opens it (memfd_create(2)); closing on exec is left to the descriptor.
    public Outcome<OpenFile> open(String name, int flags) {
        boolean contradicts = (flags & MFD_NOEXEC_SEAL) != 0 && (flags & MFD_EXEC) != 0;
        if ((flags & ~KNOWN_FLAGS) != 0 || contradicts || name.length() > NAME_LIMIT) {
            return Outcome.error(-EINVAL);
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
