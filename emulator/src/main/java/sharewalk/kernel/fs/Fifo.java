package sharewalk.kernel.fs;

import sharewalk.abi.FileMode;

/// A pipe, with a name or without.
public abstract non-sealed class Fifo extends Inode {
    /// Creates a pipe with permission bits.
    protected Fifo(FileSystem fileSystem, int permissions) {
        super(fileSystem, permissions, 1);
    }

    @Override
    public final int type() {
        return FileMode.S_IFIFO;
    }
}
