package sharewalk.kernel.fs;

import org.jspecify.annotations.Nullable;

/// A file system at its place in the tree.
public final class Mount {
    private final FileSystem fileSystem;
    private final @Nullable Location at;
    private final String source;
    private final MountOptions options;

    /// Creates a mount; without a place it is the root of everything, or out of the tree.
    public Mount(FileSystem fileSystem, @Nullable Location at, String source, MountOptions options) {
        this.fileSystem = fileSystem;
        this.at = at;
        this.source = source;
        this.options = options;
    }

    /// Returns the file system.
    public FileSystem fileSystem() {
        return fileSystem;
    }

    /// Returns the directory it covers, or null.
    public @Nullable Location at() {
        return at;
    }

    /// Returns what mount(2) was given as the source.
    public String source() {
        return source;
    }

    /// Returns how it is mounted.
    public MountOptions options() {
        return options;
    }

    /// Returns the place of the file system's root.
    public Location root() {
        return new Location(this, fileSystem.root(), at == null ? "/" : at.path());
    }

    /// Tells whether nothing may be changed through this mount.
    public boolean isReadOnly() {
        return options.readOnly() || fileSystem.isReadOnly();
    }
}
