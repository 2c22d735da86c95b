package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.ELOOP;

import org.jspecify.annotations.Nullable;
import sharewalk.abi.FileMode;

/// A symbolic link.
public abstract non-sealed class SymbolicLink extends Inode {
    /// Creates a link with one name.
    protected SymbolicLink(FileSystem fileSystem) {
        super(fileSystem, 0777, 1);
    }

    /// Returns the text of the link.
    public abstract String target();

    /// Returns where a magic link (/proc/self/exe) leads whatever its text says, or null for an ordinary link.
    public @Nullable Outcome<Location> destination() {
        return null;
    }

    @Override
    public final int type() {
        return FileMode.S_IFLNK;
    }

    @Override
    public long sizeBytes() {
        return target().length();
    }

    @Override
    public final Outcome<FileOperations> open(int flags) {
        return Outcome.error(-ELOOP);
    }
}
