package sharewalk.kernel.fs;

/// A file system outside the tree, for inodes that have no names: pipes, eventfds.
public final class NamelessFileSystem extends FileSystem {
    private final String typeName;
    private final long magic;
    private final Directory root;
    private final Mount mount;

    /// Creates one with the name and magic number of its type.
    public NamelessFileSystem(FileSystemContext context, String typeName, long magic) {
        super(context);
        this.typeName = typeName;
        this.magic = magic;
        this.root = new EmptyDirectory(this);
        this.mount = new Mount(this, null, typeName, MountOptions.DEFAULT);
    }

    /// Returns the place of one of its inodes.
    public Location place(Inode inode, String name) {
        return new Location(mount, inode, name);
    }

    @Override
    public String typeName() {
        return typeName;
    }

    @Override
    public Directory root() {
        return root;
    }

    @Override
    public FileSystemStatus status() {
        return FileSystemStatus.withoutBlocks(magic);
    }
}
