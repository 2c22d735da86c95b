package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EBUSY;
import static sharewalk.abi.Errno.EEXIST;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EISDIR;
import static sharewalk.abi.Errno.ENAMETOOLONG;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.Errno.ENOTEMPTY;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Errno.EROFS;
import static sharewalk.abi.Errno.EXDEV;

import sharewalk.abi.FileMode;
import sharewalk.kernel.fs.PathWalker.Parent;

/// The making and removing of names: mkdir(2), mknod(2), symlink(2), link(2), unlink(2), rmdir(2).
///
/// The order of the checks is Linux's, for it decides which errno a caller sees.
public final class NameOperations {
    private final PathWalker walker;
    private final MountTable mounts;

    NameOperations(PathWalker walker, MountTable mounts) {
        this.walker = walker;
        this.mounts = mounts;
    }

    /// Makes a directory.
    public long makeDirectory(PathName path, int permissions) {
        Outcome<Parent> found = newName(path, true);
        if (found.isError()) {
            return found.error();
        }
        int granted = permissions & 01777 & ~path.context().umask();
        return own(path, directoryOf(found.value()).makeDirectory(found.value().name(), granted));
    }

    /// Makes a regular file (mknod(2)); other kinds are refused.
    public long makeNode(PathName path, int mode) {
        Outcome<Parent> found = newName(path, false);
        if (found.isError()) {
            return found.error();
        }
        int type = mode & FileMode.S_IFMT;
        if (type != 0 && type != FileMode.S_IFREG) {
            return type == FileMode.S_IFDIR ? -EPERM : -EINVAL;
        }
        int granted = mode & FileMode.S_IALLUGO & ~path.context().umask();
        return own(path, directoryOf(found.value()).create(found.value().name(), granted));
    }

    /// Makes a symbolic link with the given text.
    public long makeSymbolicLink(String target, PathName path) {
        if (target.isEmpty()) {
            return -ENOENT;
        }
        if (target.length() >= PathWalker.PATH_LIMIT) {
            return -ENAMETOOLONG;
        }
        Outcome<Parent> found = newName(path, false);
        return found.isError()
                ? found.error()
                : own(
                        path,
                        directoryOf(found.value())
                                .makeSymbolicLink(found.value().name(), target));
    }

    /// Gives the file at a place one more name (link(2)).
    public long link(Location old, PathName path) {
        Outcome<Parent> found = newName(path, false);
        if (found.isError()) {
            return found.error();
        }
        Parent parent = found.value();
        if (old.mount() != parent.directory().mount()) {
            return -EXDEV;
        }
        return old.inode() instanceof Directory ? -EPERM : directoryOf(parent).link(parent.name(), old.inode());
    }

    /// Removes the name of something that is not a directory.
    public long unlink(PathName path) {
        Outcome<Parent> found = walker.parent(path);
        if (found.isError()) {
            return found.error();
        }
        Parent parent = found.value();
        if (parent.isSpecial()) {
            return -EISDIR;
        }
        Outcome<Inode> victim = removable(path, parent);
        if (victim.isError()) {
            return victim.error();
        }
        if (victim.value() instanceof Directory) {
            return -EISDIR;
        }
        if (parent.wantsDirectory()) {
            return -ENOTDIR;
        }
        return isMountPoint(victim.value()) ? -EBUSY : directoryOf(parent).unlink(parent.name());
    }

    /// Removes an empty directory.
    public long removeDirectory(PathName path) {
        Outcome<Parent> found = walker.parent(path);
        if (found.isError()) {
            return found.error();
        }
        Parent parent = found.value();
        if (parent.isSpecial()) {
            return switch (parent.name()) {
                case "." -> -EINVAL;
                case ".." -> -ENOTEMPTY;
                default -> -EBUSY;
            };
        }
        Outcome<Inode> victim = removable(path, parent);
        if (victim.isError()) {
            return victim.error();
        }
        if (!(victim.value() instanceof Directory)) {
            return -ENOTDIR;
        }
        return isMountPoint(victim.value()) ? -EBUSY : directoryOf(parent).removeDirectory(parent.name());
    }

    /// Tells whether something is mounted upon an inode.
    boolean isMountPoint(Inode inode) {
        return mounts.isCovered(inode);
    }

    /// Returns what a name stands for if it may be taken away as far as rights go, mounts upon it not followed.
    Outcome<Inode> removable(PathName path, Parent parent) {
        if (parent.directory().mount().isReadOnly()) {
            return Outcome.error(-EROFS);
        }
        if (parent.name().length() > PathWalker.NAME_LIMIT) {
            return Outcome.error(-ENAMETOOLONG);
        }
        Outcome<Inode> victim = directoryOf(parent).lookup(parent.name());
        if (victim.isError()) {
            return victim;
        }
        long refusal =
                refusalToRemove(path.context().credentials(), parent.directory().inode(), victim.value());
        if (refusal < 0) {
            return Outcome.error(refusal);
        }
        return victim;
    }

    /// Returns where a name that does not exist yet may be made.
    Outcome<Parent> newName(PathName path, boolean isForDirectory) {
        Outcome<Parent> found = walker.parent(path);
        if (found.isError()) {
            return found;
        }
        Parent parent = found.value();
        if (parent.isSpecial()) {
            return Outcome.error(-EEXIST);
        }
        if (parent.name().length() > PathWalker.NAME_LIMIT) {
            return Outcome.error(-ENAMETOOLONG);
        }
        Outcome<Inode> present = directoryOf(parent).lookup(parent.name());
        if (!present.isError()) {
            return Outcome.error(-EEXIST);
        }
        if (present.error() != -ENOENT) {
            return present.failed();
        }
        if (parent.wantsDirectory() && !isForDirectory) {
            return Outcome.error(-ENOENT);
        }
        long refusal = refusalToAdd(path.context().credentials(), parent.directory());
        return refusal < 0 ? Outcome.error(refusal) : found;
    }

    /// Returns why nothing may be added to a directory, or 0.
    static long refusalToAdd(Credentials credentials, Location directory) {
        if (directory.mount().isReadOnly()) {
            return -EROFS;
        }
        if (((Directory) directory.inode()).isRemoved()) {
            return -ENOENT;
        }
        int rights = Credentials.WRITE | Credentials.EXECUTE;
        return credentials.mayAccess(directory.inode(), rights) ? 0 : -EACCES;
    }

    private static long refusalToRemove(Credentials credentials, Inode directory, Inode victim) {
        if (!credentials.mayAccess(directory, Credentials.WRITE | Credentials.EXECUTE)) {
            return -EACCES;
        }
        boolean isSticky = (directory.permissions() & FileMode.S_ISVTX) != 0;
        return isSticky && !credentials.owns(directory) && !credentials.owns(victim) ? -EPERM : 0;
    }

    private static Directory directoryOf(Parent parent) {
        return (Directory) parent.directory().inode();
    }

    private static long own(PathName path, Outcome<Inode> made) {
        if (made.isError()) {
            return made.error();
        }
        made.value().ownedBy(path.context().credentials());
        return 0;
    }
}
