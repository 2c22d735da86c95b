package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EEXIST;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EISDIR;
import static sharewalk.abi.Errno.ELOOP;
import static sharewalk.abi.Errno.ENAMETOOLONG;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.Errno.EROFS;
import static sharewalk.abi.OpenFlags.O_ACCMODE;
import static sharewalk.abi.OpenFlags.O_CLOEXEC;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_DIRECTORY;
import static sharewalk.abi.OpenFlags.O_EXCL;
import static sharewalk.abi.OpenFlags.O_LARGEFILE;
import static sharewalk.abi.OpenFlags.O_NOCTTY;
import static sharewalk.abi.OpenFlags.O_NOFOLLOW;
import static sharewalk.abi.OpenFlags.O_PATH;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_TMPFILE;
import static sharewalk.abi.OpenFlags.O_TRUNC;
import static sharewalk.abi.OpenFlags.O_WRONLY;

import sharewalk.kernel.fs.PathWalker.Parent;

/// The opening of files by path (open(2)).
public final class Opener {
    /// The bit of O_TMPFILE that is not O_DIRECTORY.
    private static final int UNNAMED = O_TMPFILE & ~O_DIRECTORY;

    private static final int ONCE = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC;

    private final PathWalker walker;
    private final OpenFiles openFiles;

    Opener(PathWalker walker, OpenFiles openFiles) {
        this.walker = walker;
        this.openFiles = openFiles;
    }

    /// Opens, and for O_CREAT and O_TMPFILE creates, the file that a path stands for.
    public Outcome<OpenFile> open(PathName path, int flags, int permissions) {
        if ((flags & O_PATH) != 0) {
            return openPathOnly(path, flags & (O_PATH | O_DIRECTORY | O_NOFOLLOW));
        }
        if ((flags & UNNAMED) != 0) {
            return openUnnamed(path, flags, permissions & ~path.context().umask());
        }
        if ((flags & O_CREAT) == 0) {
            Outcome<Location> found = walker.find(path, (flags & O_NOFOLLOW) == 0);
            return found.isError() ? found.failed() : openExisting(path.context(), found.value(), flags);
        }
        return (flags & O_DIRECTORY) != 0
                ? Outcome.error(-EINVAL)
                : openOrCreate(path, flags, permissions & ~path.context().umask());
    }

    /// Opens an inode whose place is known, checking permissions as open(2) does.
    public Outcome<OpenFile> openExisting(FsContext context, Location found, int flags) {
        long refusal = refusal(context, found, flags);
        if (refusal < 0) {
            return Outcome.error(refusal);
        }
        boolean truncates = (flags & O_TRUNC) != 0 && found.inode() instanceof RegularFile;
        long truncated = truncates ? found.inode().truncate(0) : 0;
        return truncated < 0 ? Outcome.error(truncated) : finish(found, flags);
    }

    private Outcome<OpenFile> openPathOnly(PathName path, int flags) {
        Outcome<Location> found = walker.find(path, (flags & O_NOFOLLOW) == 0);
        if (found.isError()) {
            return found.failed();
        }
        if ((flags & O_DIRECTORY) != 0 && !(found.value().inode() instanceof Directory)) {
            return Outcome.error(-ENOTDIR);
        }
        FileOperations nothing = new FileOperations() {};
        return openFiles.open(found.value(), found.value().path(), nothing, flags);
    }

    private Outcome<OpenFile> openUnnamed(PathName path, int flags, int permissions) {
        if ((flags & (O_TMPFILE | O_CREAT)) != O_TMPFILE || (flags & O_ACCMODE) == O_RDONLY) {
            return Outcome.error(-EINVAL);
        }
        Outcome<Location> found = walker.find(path, true);
        if (found.isError()) {
            return found.failed();
        }
        Location place = found.value();
        if (!(place.inode() instanceof Directory directory)) {
            return Outcome.error(-ENOTDIR);
        }
        long refusal = refusalToCreate(path.context(), place);
        if (refusal < 0) {
            return Outcome.error(refusal);
        }
        Outcome<Inode> made = directory.createUnnamed(permissions);
        if (made.isError()) {
            return made.failed();
        }
        made.value().ownedBy(path.context().credentials());
        String name = "#" + made.value().number();
        return finish(place.child(name, made.value()), flags);
    }

    private Outcome<OpenFile> openOrCreate(PathName given, int flags, int permissions) {
        PathName path = given;
        for (int links = 0; links <= PathWalker.LINK_LIMIT; links++) {
            Outcome<Parent> last = walker.parent(path);
            if (last.isError()) {
                return last.failed();
            }
            Parent parent = last.value();
            if (parent.isSpecial() || parent.wantsDirectory()) {
                return Outcome.error(-EISDIR);
            }
            if (parent.name().length() > PathWalker.NAME_LIMIT) {
                return Outcome.error(-ENAMETOOLONG);
            }
            Outcome<Location> found = walker.child(parent.directory(), parent.name());
            if (found.isError()) {
                return found.error() == -ENOENT ? create(path.context(), parent, flags, permissions) : found.failed();
            }
            if ((flags & O_EXCL) != 0) {
                return Outcome.error(-EEXIST);
            }
            boolean follows = (flags & O_NOFOLLOW) == 0 && found.value().inode() instanceof SymbolicLink;
            if (!follows) {
                return openExisting(path.context(), found.value(), flags);
            }
            SymbolicLink link = (SymbolicLink) found.value().inode();
            Outcome<Location> destination = link.destination();
            if (destination != null) {
                return destination.isError()
                        ? destination.failed()
                        : openExisting(path.context(), destination.value(), flags);
            }
            path = new PathName(path.context(), parent.directory(), link.target());
        }
        return Outcome.error(-ELOOP);
    }

    private Outcome<OpenFile> create(FsContext context, Parent parent, int flags, int permissions) {
        long refusal = refusalToCreate(context, parent.directory());
        if (refusal < 0) {
            return Outcome.error(refusal);
        }
        Outcome<Inode> made = ((Directory) parent.directory().inode()).create(parent.name(), permissions);
        if (made.isError()) {
            return made.failed();
        }
        made.value().ownedBy(context.credentials());
        return finish(parent.directory().child(parent.name(), made.value()), flags);
    }

    private Outcome<OpenFile> finish(Location place, int flags) {
        place.inode().retain();
        Outcome<OpenFile> file = openRetained(place, flags);
        place.inode().release();
        return file;
    }

    private Outcome<OpenFile> openRetained(Location place, int flags) {
        Outcome<FileOperations> operations = place.inode().open(flags);
        if (operations.isError()) {
            return operations.failed();
        }
        int kept = (flags & ~ONCE) | O_LARGEFILE;
        return openFiles.open(place, place.path(), operations.value(), kept);
    }

    private static long refusalToCreate(FsContext context, Location directory) {
        if (((Directory) directory.inode()).isRemoved()) {
            return -ENOENT;
        }
        if (directory.mount().isReadOnly()) {
            return -EROFS;
        }
        int rights = Credentials.WRITE | Credentials.EXECUTE;
        return context.credentials().mayAccess(directory.inode(), rights) ? 0 : -EACCES;
    }

    private static long refusal(FsContext context, Location found, int flags) {
        Inode inode = found.inode();
        int mode = flags & O_ACCMODE;
        boolean writes = mode != O_RDONLY || (flags & O_TRUNC) != 0;
        if ((flags & O_DIRECTORY) != 0 && !(inode instanceof Directory)) {
            return -ENOTDIR;
        }
        if (inode instanceof SymbolicLink) {
            return -ELOOP;
        }
        if (inode instanceof Directory && (writes || (flags & O_CREAT) != 0)) {
            return -EISDIR;
        }
        if (writes && inode instanceof RegularFile && found.mount().isReadOnly()) {
            return -EROFS;
        }
        int rights = (mode == O_WRONLY ? 0 : Credentials.READ) | (writes ? Credentials.WRITE : 0);
        return context.credentials().mayAccess(inode, rights) ? 0 : -EACCES;
    }
}
