package sharewalk.kernel.fs;

/// Where a process stands in the tree: root, working directory, umask, and who it is.
///
/// Threads share one; fork copies it.
public final class FsContext {
    private final Location root;
    private Location workingDirectory;
    private int umask;
    private Credentials credentials;
    private int references = 1;

    /// Creates the context of a first process.
    public FsContext(Location root) {
        this(root, root, 022, Credentials.ROOT);
    }

    private FsContext(Location root, Location workingDirectory, int umask, Credentials credentials) {
        this.root = root;
        this.workingDirectory = workingDirectory;
        this.umask = umask;
        this.credentials = credentials;
        root.inode().retain();
        workingDirectory.inode().retain();
    }

    /// Returns a copy, for fork.
    public FsContext copy() {
        return new FsContext(root, workingDirectory, umask, credentials);
    }

    /// Adds a sharer, for clone with CLONE_FS.
    public void retain() {
        references++;
    }

    /// Drops a sharer; the last one lets go of the directories.
    public void release() {
        references--;
        if (references == 0) {
            root.inode().release();
            workingDirectory.inode().release();
        }
    }

    /// Returns the root directory of paths.
    public Location root() {
        return root;
    }

    /// Returns the working directory.
    public Location workingDirectory() {
        return workingDirectory;
    }

    /// Changes the working directory.
    void changeDirectory(Location directory) {
        directory.inode().retain();
        workingDirectory.inode().release();
        workingDirectory = directory;
    }

    /// Returns the permission bits that new files do not get.
    public int umask() {
        return umask;
    }

    /// Sets the umask (umask(2)); returns the old one.
    public int exchangeUmask(int newUmask) {
        int old = umask;
        umask = newUmask & 0777;
        return old;
    }

    /// Returns who asks.
    public Credentials credentials() {
        return credentials;
    }

    /// Changes who asks (setuid(2) and its kin).
    public void become(Credentials newCredentials) {
        credentials = newCredentials;
    }
}
