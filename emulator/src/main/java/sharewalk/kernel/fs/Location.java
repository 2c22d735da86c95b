package sharewalk.kernel.fs;

/// A place in the tree: an inode, and the mount through which it is seen.
///
/// @param path the absolute path, free of links, under which it was found; renaming does not change it
public record Location(Mount mount, Inode inode, String path) {
    /// Tells whether this is the top of its mount.
    public boolean isMountRoot() {
        return inode.equals(mount.fileSystem().root());
    }

    /// Returns the place of an inode in this directory.
    public Location child(String name, Inode child) {
        String above = path.equals("/") ? "" : path.length() > PathWalker.PATH_LIMIT ? "(too long)" : path;
        return new Location(mount, child, above + "/" + name);
    }

    /// Returns the place of the directory above, on the same mount.
    Location parent(Directory parent) {
        int slash = path.lastIndexOf('/');
        return new Location(mount, parent, slash <= 0 ? "/" : path.substring(0, slash));
    }

    /// Tells whether two places are the same: mount and inode by identity.
    public boolean isSame(Location other) {
        return mount == other.mount && inode.equals(other.inode);
    }
}
