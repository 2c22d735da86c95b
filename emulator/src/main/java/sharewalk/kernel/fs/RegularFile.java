package sharewalk.kernel.fs;

import sharewalk.abi.FileMode;

/// A regular file.
public abstract non-sealed class RegularFile extends Inode {
    /// Creates a file with permission bits and one name.
    protected RegularFile(FileSystem fileSystem, int permissions) {
        super(fileSystem, permissions, 1);
    }

    @Override
    public final int type() {
        return FileMode.S_IFREG;
    }
}
