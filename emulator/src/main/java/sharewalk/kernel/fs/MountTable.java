package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.EBUSY;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENODEV;
import static sharewalk.abi.Errno.ENOSPC;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.Errno.EPERM;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The mounts of the machine, and the types of file systems that can be mounted.
public final class MountTable {
    /// The most mounts there may be.
    public static final int LIMIT = 1000;

    private final FileClock clock;
    private final Map<String, FileSystemType> types = new TreeMap<>();
    private final List<Mount> mounts = new ArrayList<>();
    private final IdentityHashMap<Inode, Mount> mountsByDirectory = new IdentityHashMap<>();
    private int lastDeviceMinor;

    MountTable(FileClock clock) {
        this.clock = clock;
    }

    /// Makes a type known by its name.
    public void register(FileSystemType type) {
        if (types.putIfAbsent(type.name(), type) != null) {
            throw new IllegalArgumentException("a file system type named " + type.name() + " exists already");
        }
    }

    /// Returns the type of a name, or null.
    public @Nullable FileSystemType type(String name) {
        return types.get(name);
    }

    /// Returns the names of the types, in alphabetical order.
    public List<String> typeNames() {
        return List.copyOf(types.keySet());
    }

    /// Returns the mounts, oldest first.
    public List<Mount> mounts() {
        return Collections.unmodifiableList(mounts);
    }

    /// Returns the identity of one more file system.
    public FileSystemContext newContext() {
        lastDeviceMinor++;
        return new FileSystemContext(CharacterDevice.numberOf(0, lastDeviceMinor), clock);
    }

    /// Mounts a new file system of a named type (mount(2)); only the superuser may.
    public Outcome<Mount> mount(FsContext context, String typeName, String source, Location at, MountOrder order) {
        if (context.credentials().uid() != 0) {
            return Outcome.error(-EPERM);
        }
        FileSystemType type = types.get(typeName);
        if (type == null) {
            return Outcome.error(-ENODEV);
        }
        if (mounts.size() >= LIMIT) {
            return Outcome.error(-ENOSPC);
        }
        Outcome<FileSystem> made = type.create(newContext(), order.typeOptions());
        return made.isError() ? made.failed() : attach(made.value(), source, at, order.options());
    }

    /// Mounts a file system that exists; on top of what is mounted there already.
    public Outcome<Mount> attach(FileSystem fileSystem, String source, @Nullable Location at, MountOptions options) {
        if (at != null && !(at.inode() instanceof Directory)) {
            return Outcome.error(-ENOTDIR);
        }
        Mount mount = new Mount(fileSystem, at, source, options);
        mounts.add(mount);
        if (at != null) {
            at.inode().retain();
            mountsByDirectory.put(at.inode(), mount);
        }
        return Outcome.of(mount);
    }

    /// Takes the mount away whose root a place is (umount(2)), and with it the file system.
    public long unmount(FsContext context, Location root) {
        Mount mount = root.mount();
        Location at = mount.at();
        if (context.credentials().uid() != 0) {
            return -EPERM;
        }
        if (!root.isMountRoot() || at == null) {
            return -EINVAL;
        }
        boolean holdsMounts = mounts.stream().anyMatch(other -> isUpon(other, mount));
        if (holdsMounts || mount.fileSystem().isInUse()) {
            return -EBUSY;
        }
        mounts.remove(mount);
        mountsByDirectory.remove(at.inode());
        at.inode().release();
        mount.fileSystem().unmounted();
        return 0;
    }

    /// Returns the top of what is mounted upon a place: the place itself when nothing is.
    public Location topOf(Location place) {
        Location top = place;
        Mount mount = mountsByDirectory.get(top.inode());
        while (mount != null) {
            top = mount.root();
            mount = mountsByDirectory.get(top.inode());
        }
        return top;
    }

    /// Tells whether something is mounted upon an inode.
    public boolean isCovered(Inode inode) {
        return mountsByDirectory.containsKey(inode);
    }

    private static boolean isUpon(Mount upper, Mount lower) {
        Location at = upper.at();
        return at != null && at.mount() == lower;
    }
}
