package sharewalk.kernel.fs.event;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.OpenFlags.O_CLOEXEC;
import static sharewalk.abi.OpenFlags.O_NONBLOCK;
import static sharewalk.abi.OpenFlags.O_RDWR;
import static sharewalk.abi.UserFault.UFFD_USER_MODE_ONLY;

import java.util.function.IntSupplier;
import sharewalk.kernel.fs.FileSystemContext;
import sharewalk.kernel.fs.NamelessFileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.OpenFiles;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.mm.AddressSpace;

/// The maker of descriptors that tell of events: event counters (eventfd2(2)), write notifiers and
/// userfaultfds.
public final class EventFiles {
    /// Reads take one, not all.
    public static final int EFD_SEMAPHORE = 1;

    private static final long MAGIC = 0x0904_1934;

    private final NamelessFileSystem fileSystem;
    private final OpenFiles openFiles;

    /// Creates the place where event counters live.
    public EventFiles(FileSystemContext context, OpenFiles openFiles) {
        this.fileSystem = new NamelessFileSystem(context, "anon_inodefs", MAGIC);
        this.openFiles = openFiles;
    }

    /// Makes a descriptor that is told of writes; `callingProcess` says whose a write is. Closing on exec is left to
    /// the descriptor.
    public Outcome<OpenFile> openNotifier(int flags, IntSupplier callingProcess) {
        if ((flags & ~(O_NONBLOCK | O_CLOEXEC)) != 0) {
            return Outcome.error(-EINVAL);
        }
        WriteNotifier notifier = new WriteNotifier(fileSystem, callingProcess);
        String name = "anon_inode:[notify]";
        return openFiles.open(fileSystem.place(notifier, name), name, notifier, O_RDWR | (flags & O_NONBLOCK));
    }

    /// Makes the descriptor that resolves faults of an address space (userfaultfd(2)); closing on exec is left to it.
    public Outcome<OpenFile> openUserFaults(int flags, AddressSpace space) {
        if ((flags & ~(UFFD_USER_MODE_ONLY | O_NONBLOCK | O_CLOEXEC)) != 0) {
            return Outcome.error(-EINVAL);
        }
        UserFaultFile file = new UserFaultFile(fileSystem, space);
        String name = "anon_inode:[userfaultfd]";
        return openFiles.open(fileSystem.place(file, name), name, file, O_RDWR | (flags & O_NONBLOCK));
    }

    /// Makes a counter; closing on exec (O_CLOEXEC) is left to the descriptor.
    public Outcome<OpenFile> open(int initial, int flags) {
        if ((flags & ~(EFD_SEMAPHORE | O_NONBLOCK | O_CLOEXEC)) != 0) {
            return Outcome.error(-EINVAL);
        }
        boolean isSemaphore = (flags & EFD_SEMAPHORE) != 0;
        EventCounter counter = new EventCounter(fileSystem, Integer.toUnsignedLong(initial), isSemaphore);
        String name = "anon_inode:[eventfd]";
        return openFiles.open(fileSystem.place(counter, name), name, counter, O_RDWR | (flags & O_NONBLOCK));
    }
}
