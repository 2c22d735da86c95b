package sharewalk.kernel.fs.event;

import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.WriteNotification.EVENT_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.PollEvents;
import sharewalk.kernel.fs.AnonymousNode;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.wait.WaitQueue;

/// A descriptor that is told of writes to ranges of files in memory: events to be read, in the order of the writes.
///
/// When it is closed, nothing of its is watched any more and whoever waits goes on.
public final class WriteNotifier extends AnonymousNode implements FileOperations {
    private final IntSupplier callingProcess;
    private final Queue<Event> unread = new ArrayDeque<>();
    private final WaitQueue readers = new WaitQueue();
    private final Set<WatchedFile> files = new LinkedHashSet<>();

    /// A write that was stopped.
    private record Event(long offset, long cookie, long virtAddr, int kind, int pid) {}

    WriteNotifier(FileSystem fileSystem, IntSupplier callingProcess) {
        super(fileSystem);
        this.callingProcess = callingProcess;
    }

    /// Notes that ranges of a file are this descriptor's.
    void watches(WatchedFile file) {
        files.add(file);
    }

    /// Tells of a write that the calling process makes.
    void tell(long offset, long cookie, long virtAddr, int kind) {
        unread.add(new Event(offset, cookie, virtAddr, kind, callingProcess.getAsInt()));
        readers.wakeAll();
    }

    @Override
    public Outcome<FileOperations> open(int flags) {
        return Outcome.of(this);
    }

    @Override
    public long read(OpenFile file, long position, ByteBuffer into) {
        if (into.remaining() < EVENT_BYTES) {
            return -EINVAL;
        }
        if (unread.isEmpty()) {
            return file.isNonBlocking() ? -EAGAIN : WOULD_BLOCK;
        }
        into.order(ByteOrder.LITTLE_ENDIAN);
        long done = 0;
        while (into.remaining() >= EVENT_BYTES && !unread.isEmpty()) {
            Event event = unread.remove();
            into.putLong(event.offset()).putLong(event.cookie()).putLong(event.virtAddr());
            into.putInt(event.kind()).putInt(event.pid());
            done += EVENT_BYTES;
        }
        return done;
    }

    @Override
    public int ready(OpenFile file) {
        return unread.isEmpty() ? 0 : PollEvents.POLLIN | PollEvents.POLLRDNORM;
    }

    @Override
    public @Nullable WaitQueue waitQueue(OpenFile file, int event) {
        return (event & PollEvents.POLLIN) != 0 ? readers : null;
    }

    @Override
    public void closed(OpenFile file) {
        List.copyOf(files).forEach(watched -> watched.unprotect(this, 0, Long.MAX_VALUE));
    }
}
