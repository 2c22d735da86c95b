package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EISDIR;
import static sharewalk.abi.Errno.EOPNOTSUPP;
import static sharewalk.abi.Errno.EPERM;

import sharewalk.abi.FileMode;

/// A directory; each default is what Linux answers for a file system that lacks the operation.
///
/// Callers have checked names, permissions and mounts; that a name is there or not is for the directory to say.
public abstract non-sealed class Directory extends Inode {
    /// Creates a directory with permission bits.
    protected Directory(FileSystem fileSystem, int permissions) {
        super(fileSystem, permissions, 2);
    }

    /// Returns what a name stands for, or -ENOENT; never asked for `.` or `..`.
    public abstract Outcome<Inode> lookup(String name);

    /// Returns the directory above; the root of a file system is its own.
    public abstract Directory parent();

    /// Returns the name in the directory above; empty for the root of a file system.
    public abstract String name();

    /// Tells whether it has been removed while somebody still uses it.
    public boolean isRemoved() {
        return links() == 0;
    }

    /// Hands the entries from a position on to a sink, `.` and `..` first, until the sink is full or all are
    /// told.
    ///
    /// Position 0 is the beginning; others are those told to the sink.
    public abstract void list(long position, DirectorySink sink);

    /// Creates a regular file.
    public Outcome<Inode> create(String name, int permissions) {
        return Outcome.error(-EACCES);
    }

    /// Creates a regular file without a name (O_TMPFILE).
    public Outcome<Inode> createUnnamed(int permissions) {
        return Outcome.error(-EOPNOTSUPP);
    }

    /// Creates a directory.
    public Outcome<Inode> makeDirectory(String name, int permissions) {
        return Outcome.error(-EPERM);
    }

    /// Creates a symbolic link.
    public Outcome<Inode> makeSymbolicLink(String name, String target) {
        return Outcome.error(-EPERM);
    }

    /// Gives an inode of the same file system one more name.
    public long link(String name, Inode inode) {
        return -EPERM;
    }

    /// Removes the name of something that is not a directory.
    public long unlink(String name) {
        return -EPERM;
    }

    /// Removes an empty directory.
    public long removeDirectory(String name) {
        return -EPERM;
    }

    /// Moves an entry to a directory of the same file system, over what is there.
    ///
    /// Preconditions:
    /// - the entry exists; what is there, if anything, may be replaced by it as far as kinds go
    public long rename(String name, Directory newParent, String newName) {
        return -EPERM;
    }

    @Override
    public final int type() {
        return FileMode.S_IFDIR;
    }

    @Override
    public final long truncate(long sizeBytes) {
        return -EISDIR;
    }

    @Override
    public Outcome<FileOperations> open(int flags) {
        return Outcome.of(new OpenDirectory(this));
    }
}
