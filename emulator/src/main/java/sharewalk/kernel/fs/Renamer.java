package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.EBUSY;
import static sharewalk.abi.Errno.EEXIST;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EISDIR;
import static sharewalk.abi.Errno.ENAMETOOLONG;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.Errno.ENOTEMPTY;
import static sharewalk.abi.Errno.EXDEV;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.PathWalker.Parent;

/// The renaming of files (rename(2), renameat2(2)).
public final class Renamer {
    /// Fail rather than replace.
    public static final int RENAME_NOREPLACE = 1;

    private final PathWalker walker;
    private final NameOperations names;

    Renamer(PathWalker walker, NameOperations names) {
        this.walker = walker;
        this.names = names;
    }

    /// Renames; of the flags of renameat2(2) only RENAME_NOREPLACE is known.
    public long rename(PathName oldPath, PathName newPath, int flags) {
        if ((flags & ~RENAME_NOREPLACE) != 0) {
            return -EINVAL;
        }
        Outcome<Parent> from = walker.parent(oldPath);
        if (from.isError()) {
            return from.error();
        }
        Outcome<Parent> to = walker.parent(newPath);
        if (to.isError()) {
            return to.error();
        }
        if (from.value().directory().mount() != to.value().directory().mount()) {
            return -EXDEV;
        }
        boolean mayReplace = (flags & RENAME_NOREPLACE) == 0;
        if (from.value().isSpecial() || to.value().isSpecial()) {
            return mayReplace || from.value().isSpecial() ? -EBUSY : -EEXIST;
        }
        Outcome<Inode> moved = names.removable(oldPath, from.value());
        return moved.isError() ? moved.error() : move(from.value(), moved.value(), newPath, to.value(), mayReplace);
    }

    private long move(Parent from, Inode moved, PathName newPath, Parent to, boolean mayReplace) {
        if (to.name().length() > PathWalker.NAME_LIMIT) {
            return -ENAMETOOLONG;
        }
        Directory target = (Directory) to.directory().inode();
        Outcome<Inode> present = target.lookup(to.name());
        if (present.isError() && present.error() != -ENOENT) {
            return present.error();
        }
        @Nullable Inode replaced = present.isError() ? null : present.value();
        if (replaced != null && !mayReplace) {
            return -EEXIST;
        }
        if (!(moved instanceof Directory) && (from.wantsDirectory() || to.wantsDirectory())) {
            return -ENOTDIR;
        }
        if (moved instanceof Directory && isAtOrAbove(moved, target)) {
            return -EINVAL;
        }
        if (replaced instanceof Directory
                && isAtOrAbove(replaced, (Directory) from.directory().inode())) {
            return -ENOTEMPTY;
        }
        if (moved.equals(replaced)) {
            return 0;
        }
        long refusal = refusal(moved, replaced, newPath, to);
        if (refusal == 0 && (names.isMountPoint(moved) || (replaced != null && names.isMountPoint(replaced)))) {
            return -EBUSY;
        }
        return refusal < 0 ? refusal : ((Directory) from.directory().inode()).rename(from.name(), target, to.name());
    }

    private long refusal(Inode moved, @Nullable Inode replaced, PathName newPath, Parent to) {
        if (replaced == null) {
            return NameOperations.refusalToAdd(newPath.context().credentials(), to.directory());
        }
        Outcome<Inode> victim = names.removable(newPath, to);
        if (victim.isError()) {
            return victim.error();
        }
        if (moved instanceof Directory) {
            return replaced instanceof Directory ? 0 : -ENOTDIR;
        }
        return replaced instanceof Directory ? -EISDIR : 0;
    }

    private static boolean isAtOrAbove(Inode upper, Directory lower) {
        Directory place = lower;
        while (!place.equals(upper) && !place.parent().equals(place)) {
            place = place.parent();
        }
        return place.equals(upper);
    }
}
