package sharewalk.kernel.fs;

/// One instance of a file system: a tree of inodes with one device number.
public abstract class FileSystem {
    private final FileSystemContext context;
    private long lastInodeNumber;
    private long references;

    /// Creates an instance with the identity it is given.
    protected FileSystem(FileSystemContext context) {
        this.context = context;
    }

    /// Returns the name of the type, as in /proc/filesystems.
    public abstract String typeName();

    /// Returns the root of the tree.
    public abstract Directory root();

    /// Returns what statfs(2) tells.
    public abstract FileSystemStatus status();

    /// Tells whether nothing in it may ever be changed, however it is mounted.
    public boolean isReadOnly() {
        return false;
    }

    /// Gives up what it holds; called when it is mounted nowhere any more, and no inode of it is in use.
    protected void unmounted() {}

    /// Tells whether any inode of it is referred to.
    public final boolean isInUse() {
        return references > 0;
    }

    /// Counts references to its inodes.
    final void referred(int change) {
        references += change;
    }

    /// Returns the device number that its inodes report.
    public final long deviceId() {
        return context.deviceId();
    }

    /// Returns the time with which to stamp an inode now.
    public final long now() {
        return context.clock().nanoseconds();
    }

    /// Returns a fresh inode number: 1, 2, 3 in order of creation.
    public final long nextInodeNumber() {
        return ++lastInodeNumber;
    }
}
