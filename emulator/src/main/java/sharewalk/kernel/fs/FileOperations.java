package sharewalk.kernel.fs;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENODEV;
import static sharewalk.abi.Errno.ENOTTY;
import static sharewalk.abi.Errno.EOPNOTSUPP;
import static sharewalk.abi.Errno.ESPIPE;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.PollEvents;
import sharewalk.kernel.mm.MapSource;
import sharewalk.kernel.wait.WaitQueue;

/// What can be done with an open file; each default is what Linux answers for a file that lacks the operation.
///
/// Access modes are checked before (`OpenFile`). Buffers are backed by arrays.
public interface FileOperations {
    /// The result of an operation that cannot go on now: wait in the file's wait queue, then call again.
    long WOULD_BLOCK = Long.MIN_VALUE;

    /// The result of a write that the writer's own handler of SIGSEGV has to allow first: as [#WOULD_BLOCK], with that
    /// signal.
    long NEEDS_HANDLER = Long.MIN_VALUE + 1;

    /// Reads at a position into the rest of a buffer; returns the bytes read, 0 at the end.
    default long read(OpenFile file, long position, ByteBuffer into) {
        return -EINVAL;
    }

    /// Writes the rest of a buffer at a position; returns the bytes written.
    ///
    /// A blocking pipe may take only a part: the caller waits and goes on with the rest.
    default long write(OpenFile file, long position, ByteBuffer from) {
        return -EINVAL;
    }

    /// Tells whether the file has a position, so that pread(2), pwrite(2) and lseek(2) make sense.
    default boolean isSeekable() {
        return false;
    }

    /// Moves the position; returns the new one.
    default long seek(OpenFile file, long offset, int whence) {
        return -ESPIPE;
    }

    /// Returns what poll(2) finds ready now: bits of `PollEvents`.
    default int ready(OpenFile file) {
        return PollEvents.POLLIN | PollEvents.POLLOUT | PollEvents.POLLRDNORM | PollEvents.POLLWRNORM;
    }

    /// Returns where to wait for one of the events (`POLLIN` or `POLLOUT`), or null for a file that never blocks.
    default @Nullable WaitQueue waitQueue(OpenFile file, int event) {
        return null;
    }

    /// Does what the file's own request number says.
    default long ioctl(OpenFile file, int request, long argument, CallerMemory memory) {
        return -ENOTTY;
    }

    /// Allocates, punches or zeroes a range (fallocate(2)); range and access are checked.
    default long allocate(OpenFile file, int mode, long offset, long sizeBytes) {
        return file.inode() instanceof RegularFile ? -EOPNOTSUPP : -ENODEV;
    }

    /// Returns what mmap(2) of this file maps, or -ENODEV for a file that cannot be mapped.
    default Outcome<MapSource> mapSource(OpenFile file) {
        return Outcome.error(-ENODEV);
    }

    /// Returns why the file may not be mapped shared and writable though it is open for writing (a seal), or 0.
    default long refusalToMapForWriting(OpenFile file) {
        return 0;
    }

    /// Tells that the last reference to the open file is gone.
    default void closed(OpenFile file) {}
}
