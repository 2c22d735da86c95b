package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.ENOENT;

/// The root of a file system that nobody can look into.
final class EmptyDirectory extends Directory {
    EmptyDirectory(FileSystem fileSystem) {
        super(fileSystem, 0500);
    }

    @Override
    public Outcome<Inode> lookup(String name) {
        return Outcome.error(-ENOENT);
    }

    @Override
    public Directory parent() {
        return this;
    }

    @Override
    public String name() {
        return "";
    }

    @Override
    public void list(long position, DirectorySink sink) {}
}
