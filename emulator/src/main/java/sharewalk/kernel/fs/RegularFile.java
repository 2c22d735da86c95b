package sharewalk.kernel.fs;

import sharewalk.abi.FileMode;

/// A regular file.
public abstract non-sealed class RegularFile extends Inode {
    /// Creates a file with permission bits and one name.
    protected RegularFile(FileSystem fileSystem, int permissions) {
        this(fileSystem, permissions, 1);
    }

    /// Creates a file with permission bits and so many names: 0 for one that never had any.
    protected RegularFile(FileSystem fileSystem, int permissions, long names) {
        super(fileSystem, permissions, names);
    }

    @Override
    public final int type() {
        return FileMode.S_IFREG;
    }
}
