package sharewalk.kernel.fs.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import sharewalk.kernel.fs.Directory;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.FileSystemStatus;
import sharewalk.kernel.fs.page.PageFrames;

/// A directory of the host and all below it, read-only.
///
/// Inode numbers, times and the order of listings do not depend on the host's; what the host changes meanwhile
/// may or may not be seen.
public final class HostFileSystem extends FileSystem {
    private static final long MAGIC = 0x6f73_7757;

    private final HostInodes inodes;
    private final HostDirectory root;

    private HostFileSystem(FileSystemContext context, Path directory, PageFrames frames) {
        super(context);
        this.inodes = new HostInodes(this, frames);
        this.root = new HostDirectory(this, directory, null, inodes);
    }

    /// Returns the file system of a host directory; links on the way to it are followed, for the user gave them.
    public static HostFileSystem of(FileSystemContext context, Path directory, PageFrames frames) throws IOException {
        Path real = directory.toRealPath();
        if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(directory.toString());
        }
        return new HostFileSystem(context, real, frames);
    }

    /// Returns one file of the host on its own, to be given a name in another file system; executable whatever
    /// the host says of it.
    public static HostFile program(FileSystemContext context, Path file, PageFrames frames) throws IOException {
        Path real = file.toRealPath();
        Path directory = real.getParent();
        if (directory == null || !Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(file.toString(), null, "not a regular file");
        }
        HostFileSystem holder = new HostFileSystem(context, directory, frames);
        return holder.inodes.program(real, Files.size(real));
    }

    @Override
    public String typeName() {
        return "hostdir";
    }

    @Override
    public Directory root() {
        return root;
    }

    @Override
    public FileSystemStatus status() {
        return FileSystemStatus.withoutBlocks(MAGIC);
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }
}
