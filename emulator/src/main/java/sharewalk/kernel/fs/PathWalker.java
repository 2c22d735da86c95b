package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.ELOOP;
import static sharewalk.abi.Errno.ENAMETOOLONG;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;

import org.jspecify.annotations.Nullable;

/// The way from a path to a place in the tree (path_resolution(7)).
public final class PathWalker {
    /// The most bytes of a path, its end marker included (PATH_MAX).
    public static final int PATH_LIMIT = 4096;

    /// The most bytes of a name (NAME_MAX).
    public static final int NAME_LIMIT = 255;

    /// The most symbolic links followed on one way.
    public static final int LINK_LIMIT = 40;

    private final MountTable mounts;

    PathWalker(MountTable mounts) {
        this.mounts = mounts;
    }

    /// A directory and the last name of a path, which may stand for nothing yet.
    ///
    /// @param name the last name; empty for the root, or `.`, or `..`
    /// @param wantsDirectory whether slashes followed the name
    public record Parent(Location directory, String name, boolean wantsDirectory) {
        /// Tells whether the name is none that a file could have.
        public boolean isSpecial() {
            return name.isEmpty() || name.equals(".") || name.equals("..");
        }
    }

    /// Returns what a path stands for; a symbolic link at its end is followed or not.
    public Outcome<Location> find(PathName path, boolean followsLast) {
        Walk walk = new Walk(path);
        long error = walk.begin();
        while (error == 0 && walk.hasMore()) {
            error = walk.step(followsLast);
        }
        return error < 0 ? Outcome.error(error) : Outcome.of(walk.current);
    }

    /// Returns the directory in which the last name of a path lies.
    public Outcome<Parent> parent(PathName path) {
        Walk walk = new Walk(path);
        long error = walk.begin();
        while (error == 0 && walk.hasMore() && !walk.isAtLast()) {
            error = walk.step(true);
        }
        if (error == 0) {
            error = walk.searchError();
        }
        return error < 0
                ? Outcome.error(error)
                : Outcome.of(new Parent(walk.current, walk.nextName(), walk.rest.endsWith("/")));
    }

    /// Returns what a name in a directory stands for, through a mount upon it.
    public Outcome<Location> child(Location directory, String name) {
        Outcome<Inode> inode = ((Directory) directory.inode()).lookup(name);
        return inode.isError() ? inode.failed() : Outcome.of(mounts.topOf(directory.child(name, inode.value())));
    }

    /// Returns the place above a directory, never above the given root.
    public Location above(Location root, Location directory) {
        Location place = directory;
        while (!place.isSame(root) && place.isMountRoot()) {
            Location covered = place.mount().at();
            if (covered == null) {
                return place;
            }
            place = covered;
        }
        return place.isSame(root) ? place : mounts.topOf(place.parent(((Directory) place.inode()).parent()));
    }

    /// Returns the absolute path of a directory as seen from a root, or -ENOENT when it has been removed.
    public Outcome<String> pathOf(Location root, Location directory) {
        StringBuilder path = new StringBuilder();
        Location place = directory;
        while (!place.isSame(root)) {
            if (((Directory) place.inode()).isRemoved()) {
                return Outcome.error(-ENOENT);
            }
            if (path.length() > PATH_LIMIT) {
                return Outcome.error(-ENAMETOOLONG);
            }
            Location named = place;
            while (named.isMountRoot() && named.mount().at() != null) {
                named = coveredBy(named.mount(), named);
            }
            if (named.isMountRoot()) {
                break;
            }
            path.insert(0, "/" + ((Directory) named.inode()).name());
            place = above(root, place);
        }
        return Outcome.of(path.isEmpty() ? "/" : path.toString());
    }

    private static Location coveredBy(Mount mount, Location otherwise) {
        Location covered = mount.at();
        return covered == null ? otherwise : covered;
    }

    /// One walk under way.
    private final class Walk {
        private final FsContext context;
        private String rest;
        private Location current;
        private int linksFollowed;

        Walk(PathName path) {
            context = path.context();
            rest = path.text();
            current = path.isAbsolute() ? context.root() : path.base();
        }

        long begin() {
            if (rest.isEmpty()) {
                return -ENOENT;
            }
            if (rest.length() >= PATH_LIMIT) {
                return -ENAMETOOLONG;
            }
            skipSlashes();
            return 0;
        }

        boolean hasMore() {
            return !rest.isEmpty();
        }

        boolean isAtLast() {
            int behind = nextName().length();
            while (behind < rest.length() && rest.charAt(behind) == '/') {
                behind++;
            }
            return behind == rest.length();
        }

        String nextName() {
            int slash = rest.indexOf('/');
            return slash < 0 ? rest : rest.substring(0, slash);
        }

        /// Returns why nothing can be looked up in the current place, or 0.
        long searchError() {
            if (!(current.inode() instanceof Directory)) {
                return -ENOTDIR;
            }
            return context.credentials().mayAccess(current.inode(), Credentials.EXECUTE) ? 0 : -EACCES;
        }

        long step(boolean followsLast) {
            long error = searchError();
            if (error < 0) {
                return error;
            }
            String name = nextName();
            boolean wantsDirectory = name.length() < rest.length();
            boolean follows = followsLast || wantsDirectory;
            rest = rest.substring(name.length());
            skipSlashes();
            if (name.length() > NAME_LIMIT) {
                return -ENAMETOOLONG;
            }
            if (name.equals(".")) {
                return 0;
            }
            if (name.equals("..")) {
                current = above(context.root(), current);
                return 0;
            }
            Outcome<Location> child = child(current, name);
            if (child.isError()) {
                return child.error();
            }
            return enter(child.value(), follows, wantsDirectory);
        }

        private long enter(Location child, boolean follows, boolean wantsDirectory) {
            if (follows && child.inode() instanceof SymbolicLink link) {
                return follow(link, wantsDirectory);
            }
            current = child;
            return wantsDirectory && !(child.inode() instanceof Directory) ? -ENOTDIR : 0;
        }

        private long follow(SymbolicLink link, boolean wantsDirectory) {
            linksFollowed++;
            if (linksFollowed > LINK_LIMIT) {
                return -ELOOP;
            }
            @Nullable Outcome<Location> destination = link.destination();
            if (destination != null) {
                return destination.isError() ? destination.error() : enter(destination.value(), false, wantsDirectory);
            }
            String target = link.target();
            if (target.isEmpty()) {
                return -ENOENT;
            }
            if (target.startsWith("/")) {
                current = context.root();
            }
            rest = wantsDirectory ? target + "/" + rest : target;
            skipSlashes();
            return 0;
        }

        private void skipSlashes() {
            int start = 0;
            while (start < rest.length() && rest.charAt(start) == '/') {
                start++;
            }
            rest = rest.substring(start);
        }
    }
}
