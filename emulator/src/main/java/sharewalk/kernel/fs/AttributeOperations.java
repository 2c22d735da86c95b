package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EISDIR;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Errno.ERANGE;
import static sharewalk.abi.Errno.EROFS;

/// What is asked and changed of a file by its path: access(2), chmod(2), chown(2), utimensat(2), truncate(2),
/// readlink(2), chdir(2), getcwd(2).
public final class AttributeOperations {
    private final PathWalker walker;

    AttributeOperations(PathWalker walker) {
        this.walker = walker;
    }

    /// Returns the place that a path stands for; the empty path stands for where it starts (AT_EMPTY_PATH).
    public Outcome<Location> findOrBase(PathName path, boolean followsLast) {
        return path.text().isEmpty() ? Outcome.of(path.base()) : walker.find(path, followsLast);
    }

    /// Says whether a file may be accessed; the mode is made of `R_OK`, `W_OK` and `X_OK` (access(2)).
    public long access(FsContext context, Location place, int mode) {
        if ((mode & ~7) != 0) {
            return -EINVAL;
        }
        boolean writes = (mode & Credentials.WRITE) != 0;
        if (writes && place.mount().isReadOnly() && isStored(place.inode())) {
            return -EROFS;
        }
        return context.credentials().mayAccess(place.inode(), mode) ? 0 : -EACCES;
    }

    /// Changes permission bits.
    public long changePermissions(FsContext context, Location place, int permissions) {
        long refusal = refusalToChange(context, place);
        return refusal < 0 ? refusal : place.inode().changePermissions(permissions);
    }

    /// Changes owner and group, each unless it is -1.
    public long changeOwner(FsContext context, Location place, int uid, int gid) {
        if (place.mount().isReadOnly()) {
            return -EROFS;
        }
        return context.credentials().uid() == 0 ? place.inode().changeOwner(uid, gid) : -EPERM;
    }

    /// Changes the times of access and modification, each unless it is negative.
    public long changeTimes(FsContext context, Location place, long accessTime, long modifyTime) {
        long refusal = refusalToChange(context, place);
        return refusal < 0 ? refusal : place.inode().changeTimes(accessTime, modifyTime);
    }

    /// Changes the size of the file that a path stands for (truncate(2)).
    public long truncate(PathName path, long sizeBytes) {
        if (sizeBytes < 0) {
            return -EINVAL;
        }
        Outcome<Location> found = walker.find(path, true);
        if (found.isError()) {
            return found.error();
        }
        Location place = found.value();
        if (!(place.inode() instanceof RegularFile)) {
            return place.inode() instanceof Directory ? -EISDIR : -EINVAL;
        }
        if (place.mount().isReadOnly()) {
            return -EROFS;
        }
        boolean mayWrite = path.context().credentials().mayAccess(place.inode(), Credentials.WRITE);
        return mayWrite ? place.inode().truncate(sizeBytes) : -EACCES;
    }

    /// Returns the text of a symbolic link; the empty path stands for where it starts.
    public Outcome<String> readLink(PathName path) {
        Outcome<Location> found = findOrBase(path, false);
        if (found.isError()) {
            return found.failed();
        }
        if (found.value().inode() instanceof SymbolicLink link) {
            return Outcome.of(link.target());
        }
        return Outcome.error(path.text().isEmpty() ? -ENOENT : -EINVAL);
    }

    /// Changes the working directory.
    public long changeDirectory(FsContext context, Location place) {
        if (!(place.inode() instanceof Directory)) {
            return -ENOTDIR;
        }
        if (!context.credentials().mayAccess(place.inode(), Credentials.EXECUTE)) {
            return -EACCES;
        }
        context.changeDirectory(place);
        return 0;
    }

    /// Returns the path of the working directory, -ENOENT when it was removed, -ERANGE when it does not fit with
    /// its end marker.
    public Outcome<String> workingDirectory(FsContext context, long sizeBytes) {
        Outcome<String> path = walker.pathOf(context.root(), context.workingDirectory());
        return !path.isError() && path.value().length() + 1 > sizeBytes ? Outcome.error(-ERANGE) : path;
    }

    private static long refusalToChange(FsContext context, Location place) {
        if (place.mount().isReadOnly()) {
            return -EROFS;
        }
        return context.credentials().owns(place.inode()) ? 0 : -EPERM;
    }

    private static boolean isStored(Inode inode) {
        return inode instanceof RegularFile || inode instanceof Directory || inode instanceof SymbolicLink;
    }
}
