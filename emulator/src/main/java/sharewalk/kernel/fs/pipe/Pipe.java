package sharewalk.kernel.fs.pipe;

import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EPIPE;
import static sharewalk.abi.OpenFlags.O_ACCMODE;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.abi.OpenFlags.O_RDWR;
import static sharewalk.abi.OpenFlags.O_WRONLY;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.Ioctl;
import sharewalk.abi.PollEvents;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.Fifo;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.wait.WaitQueue;

/// A pipe: bytes, the number of open readers and writers, and those who wait.
final class Pipe extends Fifo implements FileOperations {
    /// Writes of up to so many bytes go in whole or not at all (PIPE_BUF).
    static final int ATOMIC_BYTES = 4096;

    private final PipeBuffer buffer;
    private final WaitQueue waitingReaders = new WaitQueue();
    private final WaitQueue waitingWriters = new WaitQueue();
    private int readers;
    private int writers;

    Pipe(FileSystem fileSystem, PageFrames frames) {
        super(fileSystem, 0600);
        this.buffer = new PipeBuffer(frames);
    }

    /// Takes the name away that an inode is created with: a pipe has none.
    Pipe withoutName() {
        setLinks(0);
        return this;
    }

    /// Adds an end; the flags say which.
    @Override
    public Outcome<FileOperations> open(int flags) {
        int mode = flags & O_ACCMODE;
        if (mode != O_RDONLY && mode != O_WRONLY && mode != O_RDWR) {
            return Outcome.error(-EINVAL);
        }
        readers += mode == O_WRONLY ? 0 : 1;
        writers += mode == O_RDONLY ? 0 : 1;
        return Outcome.of(this);
    }

    /// Takes an end away that `open` added.
    void close(int flags) {
        int mode = flags & O_ACCMODE;
        readers -= mode == O_WRONLY ? 0 : 1;
        writers -= mode == O_RDONLY ? 0 : 1;
        if (readers == 0) {
            waitingWriters.wakeAll();
        }
        if (writers == 0) {
            waitingReaders.wakeAll();
        }
    }

    @Override
    public void closed(OpenFile file) {
        close(file.flags());
    }

    @Override
    public long read(OpenFile file, long position, ByteBuffer into) {
        if (!into.hasRemaining()) {
            return 0;
        }
        int count = buffer.read(into);
        if (count > 0) {
            waitingWriters.wakeAll();
            return count;
        }
        if (writers == 0) {
            return 0;
        }
        return file.isNonBlocking() ? -EAGAIN : WOULD_BLOCK;
    }

    @Override
    public long write(OpenFile file, long position, ByteBuffer from) {
        int count = from.remaining();
        if (count == 0) {
            return 0;
        }
        if (readers == 0) {
            return -EPIPE;
        }
        int needed = count <= ATOMIC_BYTES ? count : 1;
        if (buffer.room() < needed) {
            return file.isNonBlocking() ? -EAGAIN : WOULD_BLOCK;
        }
        long written = buffer.write(from, count);
        if (written > 0) {
            waitingReaders.wakeAll();
        }
        return written;
    }

    @Override
    public int ready(OpenFile file) {
        int events = 0;
        if (file.canRead()) {
            events |= buffer.available() > 0 ? PollEvents.POLLIN | PollEvents.POLLRDNORM : 0;
            events |= writers == 0 ? PollEvents.POLLHUP : 0;
        }
        if (file.canWrite()) {
            events |= buffer.room() >= ATOMIC_BYTES ? PollEvents.POLLOUT | PollEvents.POLLWRNORM : 0;
            events |= readers == 0 ? PollEvents.POLLERR : 0;
        }
        return events;
    }

    @Override
    public @Nullable WaitQueue waitQueue(OpenFile file, int event) {
        return (event & PollEvents.POLLOUT) != 0 ? waitingWriters : waitingReaders;
    }

    @Override
    public long ioctl(OpenFile file, int request, long argument, CallerMemory memory) {
        if (request != Ioctl.FIONREAD) {
            return FileOperations.super.ioctl(file, request, argument, memory);
        }
        ByteBuffer count = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return memory.copyOut(argument, count.putInt(buffer.available()).array());
    }

    @Override
    protected void discarded() {
        buffer.clear();
    }
}
