package sharewalk.kernel.fs;

import static sharewalk.abi.AtFlags.AT_FDCWD;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EMFILE;
import static sharewalk.abi.Errno.ENOTDIR;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The file descriptors of a process; threads share one, fork copies it.
///
/// Each descriptor holds one reference to its open file.
public final class FileTable {
    /// The descriptors a process may have unless told otherwise (RLIMIT_NOFILE).
    public static final int DEFAULT_LIMIT = 1024;

    /// The most descriptors a process may ever have.
    public static final int HARD_LIMIT = 4096;

    private @Nullable OpenFile[] files = new @Nullable OpenFile[16];
    private boolean[] closeOnExec = new boolean[16];
    private int limit = DEFAULT_LIMIT;
    private int references = 1;

    /// Creates an empty table.
    public FileTable() {}

    /// Returns a copy that shares the open files, for fork.
    public FileTable copy() {
        FileTable copy = new FileTable();
        copy.limit = limit;
        copy.files = Arrays.copyOf(files, files.length);
        copy.closeOnExec = Arrays.copyOf(closeOnExec, closeOnExec.length);
        for (OpenFile file : files) {
            if (file != null) {
                file.retain();
            }
        }
        return copy;
    }

    /// Adds a sharer, for clone with CLONE_FILES.
    public void retain() {
        references++;
    }

    /// Drops a sharer; the last one closes every descriptor.
    public void release() {
        references--;
        if (references == 0) {
            for (int fd = 0; fd < files.length; fd++) {
                clear(fd);
            }
        }
    }

    /// Returns how many share the table.
    public int references() {
        return references;
    }

    /// Sets the number of descriptors allowed (RLIMIT_NOFILE, soft); those beyond it stay open.
    public void limitTo(int descriptors) {
        limit = Math.clamp(descriptors, 0, HARD_LIMIT);
    }

    /// Returns one more than the highest descriptor that can be open.
    public int capacity() {
        return files.length;
    }

    /// Returns the open file of a descriptor, or null when it has none.
    public @Nullable OpenFile get(int fd) {
        return fd >= 0 && fd < files.length ? files[fd] : null;
    }

    /// Gives an open file the lowest free descriptor not below a minimum, and keeps the caller's reference.
    ///
    /// Returns the descriptor; or -EMFILE, or -EINVAL for a minimum beyond the limit: then the reference is
    /// dropped.
    public int add(OpenFile file, boolean closesOnExec, int minimum) {
        int fd = minimum < 0 || (minimum >= limit && minimum > 0) ? -EINVAL : lowestFree(minimum);
        if (fd < 0) {
            file.release();
            return fd;
        }
        put(fd, file, closesOnExec);
        return fd;
    }

    /// Gives an open file the lowest free descriptor, and keeps the caller's reference; -EMFILE drops it.
    public int add(OpenFile file, boolean closesOnExec) {
        return add(file, closesOnExec, 0);
    }

    /// Opens the lowest descriptor not below a minimum for the same open file (dup(2), F_DUPFD).
    public int duplicate(int fd, boolean closesOnExec, int minimum) {
        OpenFile file = get(fd);
        if (file == null) {
            return -EBADF;
        }
        file.retain();
        return add(file, closesOnExec, minimum);
    }

    /// Makes one descriptor the same open file as another, closing what it was (dup2(2), dup3(2)).
    ///
    /// The same descriptor twice is returned as it is; dup3(2) refuses that before calling this.
    public int duplicateTo(int fd, int newFd, boolean closesOnExec) {
        OpenFile file = get(fd);
        if (file == null || newFd < 0 || newFd >= limit) {
            return -EBADF;
        }
        if (fd != newFd) {
            file.retain();
            clear(newFd);
            put(newFd, file, closesOnExec);
        }
        return newFd;
    }

    /// Closes a descriptor (close(2)).
    public int close(int fd) {
        if (get(fd) == null) {
            return -EBADF;
        }
        clear(fd);
        return 0;
    }

    /// Closes the descriptors from one to another, both included (close_range(2)).
    public void closeRange(int first, int last) {
        for (int fd = Math.max(first, 0); fd < files.length && fd <= last; fd++) {
            clear(fd);
        }
    }

    /// Closes the descriptors marked so, for exec.
    public void closeOnExec() {
        for (int fd = 0; fd < files.length; fd++) {
            if (closeOnExec[fd]) {
                clear(fd);
            }
        }
    }

    /// Tells whether exec closes a descriptor.
    public boolean closesOnExec(int fd) {
        return fd >= 0 && fd < files.length && closeOnExec[fd];
    }

    /// Says whether exec closes a descriptor; -EBADF when it is not open.
    public int setClosesOnExec(int fd, boolean closes) {
        if (get(fd) == null) {
            return -EBADF;
        }
        closeOnExec[fd] = closes;
        return 0;
    }

    /// Returns the path of an `...at` call: relative to a descriptor's directory, or to the working directory.
    ///
    /// With the empty path the descriptor may be of any kind (AT_EMPTY_PATH, which the caller checks).
    public Outcome<PathName> path(FsContext context, int directoryFd, String text) {
        if (directoryFd == AT_FDCWD || text.startsWith("/")) {
            return Outcome.of(PathName.of(context, text));
        }
        OpenFile file = get(directoryFd);
        if (file == null) {
            return Outcome.error(-EBADF);
        }
        if (!text.isEmpty() && !(file.inode() instanceof Directory)) {
            return Outcome.error(-ENOTDIR);
        }
        return Outcome.of(new PathName(context, file.location(), text));
    }

    private int lowestFree(int minimum) {
        for (int fd = minimum; fd < limit; fd++) {
            if (get(fd) == null) {
                return fd;
            }
        }
        return -EMFILE;
    }

    private void put(int fd, OpenFile file, boolean closesOnExec) {
        if (fd >= files.length) {
            int capacity = Integer.highestOneBit(fd) * 2;
            files = Arrays.copyOf(files, capacity);
            closeOnExec = Arrays.copyOf(closeOnExec, capacity);
        }
        files[fd] = file;
        closeOnExec[fd] = closesOnExec;
    }

    private void clear(int fd) {
        OpenFile file = get(fd);
        if (file != null) {
            files[fd] = null;
            closeOnExec[fd] = false;
            file.release();
        }
    }
}
