package sharewalk.kernel.fs;

/// The tree of files of one machine: its mounts, and the operations on paths.
///
/// One path through it: `FileTable.path` says where a path starts, `Opener.open` has `PathWalker` walk it from
/// directory to directory over links and mounts, asks the inode it ends at for `FileOperations`, and puts them in
/// an `OpenFile`.
public final class Vfs {
    private final MountTable mounts;
    private final PathWalker walker;
    private final OpenFiles openFiles;
    private final Opener opener;
    private final NameOperations names;
    private final Renamer renamer;
    private final AttributeOperations attributes;

    /// Creates a tree without any file system, in which so many files may be open at once.
    public Vfs(FileClock clock, long openFileLimit) {
        mounts = new MountTable(clock);
        walker = new PathWalker(mounts);
        openFiles = new OpenFiles(openFileLimit);
        opener = new Opener(walker, openFiles);
        names = new NameOperations(walker, mounts);
        renamer = new Renamer(walker, names);
        attributes = new AttributeOperations(walker);
    }

    /// Returns the mounts and the types that can be mounted.
    public MountTable mounts() {
        return mounts;
    }

    /// Returns the walk from a path to a place.
    public PathWalker walker() {
        return walker;
    }

    /// Returns all open files.
    public OpenFiles openFiles() {
        return openFiles;
    }

    /// Returns the opening of files.
    public Opener opener() {
        return opener;
    }

    /// Returns the making and removing of names.
    public NameOperations names() {
        return names;
    }

    /// Returns the renaming of files.
    public Renamer renamer() {
        return renamer;
    }

    /// Returns what is asked and changed by path.
    public AttributeOperations attributes() {
        return attributes;
    }

    /// Returns what a path stands for, links followed.
    public Outcome<Location> find(PathName path) {
        return walker.find(path, true);
    }

    /// Returns what a path in the whole tree stands for, links followed, as the superuser finds it.
    ///
    /// Preconditions:
    /// - something is mounted
    public Outcome<Location> find(String absolutePath) {
        FsContext context = rootContext();
        Outcome<Location> found = find(PathName.of(context, absolutePath));
        context.release();
        return found;
    }

    /// Returns the context of a first process: the superuser at the root.
    ///
    /// Preconditions:
    /// - something is mounted
    public FsContext rootContext() {
        return new FsContext(mounts.topOf(mounts.mounts().getFirst().root()));
    }
}
