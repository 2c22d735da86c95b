package sharewalk.kernel.fs;

/// A file without type or name: what an eventfd or another descriptor-only object stands on.
public abstract non-sealed class AnonymousNode extends Inode {
    /// Creates a node.
    protected AnonymousNode(FileSystem fileSystem) {
        super(fileSystem, 0600, 0);
    }

    @Override
    public final int type() {
        return 0;
    }
}
