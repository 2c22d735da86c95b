package sharewalk.kernel.fs.event;

import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.UserFault.UFFD_EVENT_PAGEFAULT;
import static sharewalk.abi.UserFault.UFFD_FEATURE_EXACT_ADDRESS;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.PollEvents;
import sharewalk.kernel.fs.AnonymousNode;
import sharewalk.kernel.fs.CallerMemory;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.UserFaultHandler;
import sharewalk.kernel.wait.WaitQueue;

/// The descriptor of userfaultfd(2): the faults of one address space that are to be resolved by whoever holds it.
///
/// A fault is forgotten when its thread waits no more: woken, by a signal too, it faults again.
final class UserFaultFile extends AnonymousNode implements FileOperations, UserFaultHandler {
    private static final int MESSAGE_BYTES = 32;

    private final AddressSpace space;
    private final UserFaultRequests requests;
    private final WaitQueue readers = new WaitQueue();
    private final List<Fault> faults = new ArrayList<>();
    private boolean isEnabled;
    private long features;

    private static final class Fault {
        private final long virtAddr;
        private final int flags;
        private final WaitQueue thread = new WaitQueue();
        private boolean wasRead;

        Fault(long virtAddr, int flags) {
            this.virtAddr = virtAddr;
            this.flags = flags;
        }
    }

    UserFaultFile(FileSystem fileSystem, AddressSpace space) {
        super(fileSystem);
        this.space = space;
        this.requests = new UserFaultRequests(this, space);
    }

    /// Begins to work (UFFDIO_API); once.
    boolean enable(long wantedFeatures) {
        boolean first = !isEnabled;
        isEnabled = true;
        features = first ? wantedFeatures : features;
        return first;
    }

    boolean isEnabled() {
        return isEnabled;
    }

    @Override
    public Outcome<FileOperations> open(int flags) {
        return Outcome.of(this);
    }

    @Override
    public WaitQueue faulted(long virtAddr, int flags) {
        boolean isExact = (features & UFFD_FEATURE_EXACT_ADDRESS) != 0;
        Fault fault = new Fault(isExact ? virtAddr : virtAddr & -FRAME_BYTES, flags);
        forgetOver();
        faults.add(fault);
        readers.wakeAll();
        return fault.thread;
    }

    /// Lets the threads go on that wait for pages of `[start, end)`.
    void wake(long start, long end) {
        for (Fault fault : List.copyOf(faults)) {
            if (fault.virtAddr >= (start & -FRAME_BYTES) && fault.virtAddr < end) {
                faults.remove(fault);
                fault.thread.wakeAll();
            }
        }
    }

    @Override
    public long read(OpenFile file, long position, ByteBuffer into) {
        if (!isEnabled || into.remaining() < MESSAGE_BYTES) {
            return -EINVAL;
        }
        long done = 0;
        forgetOver();
        into.order(ByteOrder.LITTLE_ENDIAN);
        for (Fault fault : faults) {
            if (!fault.wasRead && into.remaining() >= MESSAGE_BYTES) {
                fault.wasRead = true;
                into.putLong(UFFD_EVENT_PAGEFAULT)
                        .putLong(fault.flags)
                        .putLong(fault.virtAddr)
                        .putLong(0);
                done += MESSAGE_BYTES;
            }
        }
        if (done > 0) {
            return done;
        }
        return file.isNonBlocking() ? -EAGAIN : WOULD_BLOCK;
    }

    @Override
    public int ready(OpenFile file) {
        if (!isEnabled || !file.isNonBlocking()) {
            // userfaultfd_poll: a read might wait.
            return PollEvents.POLLERR;
        }
        forgetOver();
        boolean any = faults.stream().anyMatch(fault -> !fault.wasRead);
        return any ? PollEvents.POLLIN | PollEvents.POLLRDNORM : 0;
    }

    @Override
    public @Nullable WaitQueue waitQueue(OpenFile file, int event) {
        return (event & PollEvents.POLLIN) != 0 ? readers : null;
    }

    @Override
    public long ioctl(OpenFile file, int request, long argument, CallerMemory memory) {
        return requests.answer(request, argument, memory);
    }

    @Override
    public void closed(OpenFile file) {
        space.residency().userFaults().unregister(this, 0, space.end());
        wake(0, Long.MAX_VALUE);
    }

    /// Forgets faults whose threads have gone on. A fault told of in this very moment has no waiter yet, and no reader
    /// runs before it has.
    private void forgetOver() {
        faults.removeIf(fault -> fault.thread.isEmpty());
    }
}
