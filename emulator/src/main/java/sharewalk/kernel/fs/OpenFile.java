package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOENT;
import static sharewalk.abi.Errno.ENOTDIR;
import static sharewalk.abi.Errno.ESPIPE;
import static sharewalk.abi.OpenFlags.O_ACCMODE;
import static sharewalk.abi.OpenFlags.O_APPEND;
import static sharewalk.abi.OpenFlags.O_DIRECT;
import static sharewalk.abi.OpenFlags.O_NOATIME;
import static sharewalk.abi.OpenFlags.O_NONBLOCK;
import static sharewalk.abi.OpenFlags.O_PATH;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_RDWR;
import static sharewalk.abi.OpenFlags.O_WRONLY;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.MapSource;
import sharewalk.kernel.wait.WaitQueue;

/// An open file description: an inode, how it was opened, and a position; shared by all descriptors dup'ed from
/// it.
///
/// Checks the access mode and keeps the position; the rest is the operations'. The last reference closes it.
public final class OpenFile {
    private static final int CHANGEABLE = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME;

    private final Location location;
    private final String path;
    private final FileOperations operations;
    private int flags;
    private long position;
    private final OpenFiles all;
    private int references = 1;

    OpenFile(Location location, String path, FileOperations operations, int flags, OpenFiles all) {
        this.location = location;
        this.all = all;
        this.path = path;
        this.operations = operations;
        this.flags = flags;
        location.inode().retain();
    }

    /// Returns the inode.
    public Inode inode() {
        return location.inode();
    }

    /// Returns the inode's place in the tree.
    public Location location() {
        return location;
    }

    /// Returns the path under which it was opened, marked when the file has no name any more.
    public String path() {
        boolean hadName = inode() instanceof RegularFile || inode() instanceof Directory;
        return hadName && inode().links() == 0 ? path + " (deleted)" : path;
    }

    /// Returns what can be done with it.
    public FileOperations operations() {
        return operations;
    }

    /// Returns the flags that F_GETFL tells.
    public int flags() {
        return flags;
    }

    /// Changes the flags that F_SETFL may change.
    public void changeFlags(int newFlags) {
        flags = (flags & ~CHANGEABLE) | (newFlags & CHANGEABLE);
    }

    /// Tells whether it was opened with O_PATH: a name, nothing to read or write.
    public boolean isPathOnly() {
        return (flags & O_PATH) != 0;
    }

    /// Tells whether it may be read.
    public boolean canRead() {
        return !isPathOnly() && ((flags & O_ACCMODE) == O_RDONLY || (flags & O_ACCMODE) == O_RDWR);
    }

    /// Tells whether it may be written.
    public boolean canWrite() {
        return !isPathOnly() && ((flags & O_ACCMODE) == O_WRONLY || (flags & O_ACCMODE) == O_RDWR);
    }

    /// Tells whether blocking calls fail with -EAGAIN instead.
    public boolean isNonBlocking() {
        return (flags & O_NONBLOCK) != 0;
    }

    /// Returns the position.
    public long position() {
        return position;
    }

    /// Reads at the position and moves it (read(2)).
    public long read(ByteBuffer into) {
        if (!canRead()) {
            return -EBADF;
        }
        long result = operations.read(this, position, into);
        advance(result);
        return result;
    }

    /// Writes at the position, or at the end for O_APPEND, and moves the position (write(2)).
    public long write(ByteBuffer from) {
        if (!canWrite()) {
            return -EBADF;
        }
        long start = writePosition(position);
        long result = operations.write(this, start, from);
        if (result > 0 && operations.isSeekable()) {
            position = start + result;
        }
        return result;
    }

    /// Reads at a given position (pread(2)).
    public long readAt(long from, ByteBuffer into) {
        long refusal = refusalAt(from, canRead());
        return refusal < 0 ? refusal : operations.read(this, from, into);
    }

    /// Writes at a given position; at the end for O_APPEND, as pwrite(2) does on Linux.
    public long writeAt(long to, ByteBuffer from) {
        long refusal = refusalAt(to, canWrite());
        return refusal < 0 ? refusal : operations.write(this, writePosition(to), from);
    }

    /// Moves the position (lseek(2)).
    public long seek(long offset, int whence) {
        if (isPathOnly()) {
            return -EBADF;
        }
        long result = operations.isSeekable() ? operations.seek(this, offset, whence) : -ESPIPE;
        position = result < 0 ? position : result;
        return result;
    }

    /// Changes the file's size (ftruncate(2)).
    public long truncate(long sizeBytes) {
        if (sizeBytes < 0) {
            return -EINVAL;
        }
        if (isPathOnly()) {
            return -EBADF;
        }
        return inode() instanceof RegularFile && canWrite() ? inode().truncate(sizeBytes) : -EINVAL;
    }

    /// Allocates, punches or zeroes a range (fallocate(2)).
    public long allocate(int mode, long offset, long sizeBytes) {
        if (isPathOnly()) {
            return -EBADF;
        }
        if (offset < 0 || sizeBytes <= 0) {
            return -EINVAL;
        }
        if (!canWrite()) {
            return -EBADF;
        }
        return operations.allocate(this, mode, offset, sizeBytes);
    }

    /// Writes directory entries as getdents64(2) lays them out; returns the bytes written.
    public long readDirectory(ByteBuffer into) {
        if (!canRead()) {
            return -EBADF;
        }
        if (!(inode() instanceof Directory directory)) {
            return -ENOTDIR;
        }
        if (directory.isRemoved()) {
            return -ENOENT;
        }
        DirectoryEntries entries = new DirectoryEntries(into, position);
        directory.list(position, entries);
        position = entries.next();
        return entries.result();
    }

    /// Returns what poll(2) finds ready now.
    public int ready() {
        return operations.ready(this);
    }

    /// Returns where to wait for an event (`POLLIN`, `POLLOUT`), or null for a file that never blocks.
    public @Nullable WaitQueue waitQueue(int event) {
        return operations.waitQueue(this, event);
    }

    /// Does a request of the file's own (ioctl(2)).
    public long ioctl(int request, long argument, CallerMemory memory) {
        return isPathOnly() ? -EBADF : operations.ioctl(this, request, argument, memory);
    }

    /// Returns what mmap(2) of this file maps.
    public Outcome<MapSource> mapSource() {
        return isPathOnly() ? Outcome.error(-EBADF) : operations.mapSource(this);
    }

    /// Returns why the file may not be mapped shared and writable though it is open for writing, or 0.
    public long refusalToMapForWriting() {
        return operations.refusalToMapForWriting(this);
    }

    /// Adds a reference: a descriptor or a mapping.
    public void retain() {
        references++;
    }

    /// Drops a reference; the last one closes the file.
    public void release() {
        references--;
        if (references < 0) {
            throw new IllegalStateException("open file released more often than retained");
        }
        if (references == 0) {
            operations.closed(this);
            inode().release();
            all.closed();
        }
    }

    private void advance(long result) {
        if (result > 0 && operations.isSeekable()) {
            position += result;
        }
    }

    private long writePosition(long wished) {
        return (flags & O_APPEND) != 0 && operations.isSeekable() ? inode().sizeBytes() : wished;
    }

    private long refusalAt(long at, boolean isAllowed) {
        if (at < 0) {
            return -EINVAL;
        }
        if (isPathOnly()) {
            return -EBADF;
        }
        if (!operations.isSeekable()) {
            return -ESPIPE;
        }
        return isAllowed ? 0 : -EBADF;
    }
}
