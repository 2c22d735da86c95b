package sharewalk.kernel.fs.event;

import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EINVAL;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.PollEvents;
import sharewalk.kernel.fs.AnonymousNode;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.wait.WaitQueue;

/// A counter of 64 unsigned bits that writes add to and reads take (eventfd(2)).
final class EventCounter extends AnonymousNode implements FileOperations {
    /// The largest count, 2^64 - 2, as a signed number.
    private static final long MOST = -2;

    private final boolean isSemaphore;
    private final WaitQueue waitingReaders = new WaitQueue();
    private final WaitQueue waitingWriters = new WaitQueue();
    private long count;

    EventCounter(FileSystem fileSystem, long initial, boolean isSemaphore) {
        super(fileSystem);
        this.count = initial;
        this.isSemaphore = isSemaphore;
    }

    @Override
    public Outcome<FileOperations> open(int flags) {
        return Outcome.of(this);
    }

    @Override
    public long read(OpenFile file, long position, ByteBuffer into) {
        if (into.remaining() < Long.BYTES) {
            return -EINVAL;
        }
        if (count == 0) {
            return file.isNonBlocking() ? -EAGAIN : WOULD_BLOCK;
        }
        long taken = isSemaphore ? 1 : count;
        count -= taken;
        into.order(ByteOrder.LITTLE_ENDIAN).putLong(taken);
        waitingWriters.wakeAll();
        return Long.BYTES;
    }

    @Override
    public long write(OpenFile file, long position, ByteBuffer from) {
        if (from.remaining() < Long.BYTES) {
            return -EINVAL;
        }
        long added = from.order(ByteOrder.LITTLE_ENDIAN).getLong(from.position());
        if (added == -1) {
            return -EINVAL;
        }
        if (Long.compareUnsigned(added, MOST - count) > 0) {
            return file.isNonBlocking() ? -EAGAIN : WOULD_BLOCK;
        }
        from.position(from.position() + Long.BYTES);
        count += added;
        waitingReaders.wakeAll();
        return Long.BYTES;
    }

    @Override
    public int ready(OpenFile file) {
        int events = count == 0 ? 0 : PollEvents.POLLIN | PollEvents.POLLRDNORM;
        return events | (count == MOST ? 0 : PollEvents.POLLOUT | PollEvents.POLLWRNORM);
    }

    @Override
    public @Nullable WaitQueue waitQueue(OpenFile file, int event) {
        return (event & PollEvents.POLLOUT) != 0 ? waitingWriters : waitingReaders;
    }
}
