package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Fcntl.FD_CLOEXEC;
import static sharewalk.abi.OpenFlags.CLOSE_RANGE_CLOEXEC;
import static sharewalk.abi.OpenFlags.CLOSE_RANGE_UNSHARE;
import static sharewalk.abi.OpenFlags.MFD_CLOEXEC;
import static sharewalk.abi.OpenFlags.O_CLOEXEC;
import static sharewalk.abi.OpenFlags.O_NONBLOCK;

import org.jspecify.annotations.Nullable;
import sharewalk.abi.Fcntl;
import sharewalk.abi.Ioctl;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.Fifo;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.pipe.Pipes;
import sharewalk.kernel.fs.tmp.TmpFile;

/// Descriptors: dup(2), close(2), fcntl(2), ioctl(2), and the calls that make files without a name.
final class DescriptorCalls {
    private static final int MEMFD_NAME_LIMIT = 250;

    private DescriptorCalls() {}

    static void register(SystemCallTable table) {
        table.full(SystemCall.CLOSE, call -> call.files().close(call.intArgument(0)));
        table.full(SystemCall.CLOSE_RANGE, DescriptorCalls::closeRange);
        table.full(SystemCall.DUP, call -> call.files().duplicate(call.intArgument(0), false, 0));
        table.full(SystemCall.DUP2, call -> call.files().duplicateTo(call.intArgument(0), call.intArgument(1), false));
        table.full(SystemCall.DUP3, DescriptorCalls::duplicate3);
        table.partial(SystemCall.FCNTL, "no record locks, leases or owners", DescriptorCalls::control);
        table.ignored(SystemCall.FLOCK, "advisory locks always succeed");
        table.partial(SystemCall.IOCTL, "what the file itself answers", DescriptorCalls::ioctl);
        table.full(SystemCall.PIPE, call -> pipe(call, 0));
        table.full(SystemCall.PIPE2, call -> pipe(call, call.intArgument(1)));
        table.partial(SystemCall.MEMFD_CREATE, "no seals on huge pages", DescriptorCalls::memoryFile);
        table.full(SystemCall.EVENTFD, call -> eventFile(call, 0));
        table.full(SystemCall.EVENTFD2, call -> eventFile(call, call.intArgument(1)));
    }

    private static long closeRange(Call call) {
        int flags = call.intArgument(2);
        int first = call.intArgument(0);
        int last = call.intArgument(1);
        boolean inOrder = Integer.compareUnsigned(first, last) <= 0;
        if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0 || !inOrder) {
            return -EINVAL;
        }
        if (first < 0) {
            return 0;
        }
        int end = last < 0 ? Integer.MAX_VALUE : last;
        if ((flags & CLOSE_RANGE_CLOEXEC) == 0) {
            call.files().closeRange(first, end);
            return 0;
        }
        FileTable files = call.files();
        for (int fd = first; fd < files.capacity() && fd <= end; fd++) {
            // A descriptor that is not open has nothing to mark.
            var _ = files.setClosesOnExec(fd, true);
        }
        return 0;
    }

    private static long duplicate3(Call call) {
        int flags = call.intArgument(2);
        if ((flags & ~O_CLOEXEC) != 0 || call.intArgument(0) == call.intArgument(1)) {
            return -EINVAL;
        }
        return call.files().duplicateTo(call.intArgument(0), call.intArgument(1), flags != 0);
    }

    private static long control(Call call) {
        int fd = call.intArgument(0);
        FileTable files = call.files();
        @Nullable OpenFile file = files.get(fd);
        if (file == null) {
            return -EBADF;
        }
        int value = call.intArgument(2);
        return switch (call.intArgument(1)) {
            case Fcntl.F_DUPFD -> files.duplicate(fd, false, value);
            case Fcntl.F_DUPFD_CLOEXEC -> files.duplicate(fd, true, value);
            case Fcntl.F_GETFD -> files.closesOnExec(fd) ? FD_CLOEXEC : 0;
            case Fcntl.F_SETFD -> files.setClosesOnExec(fd, (value & FD_CLOEXEC) != 0);
            case Fcntl.F_GETFL -> file.flags();
            case Fcntl.F_SETFL -> {
                file.changeFlags(value);
                yield 0;
            }
            case Fcntl.F_SETLK, Fcntl.F_SETLKW, Fcntl.F_SETOWN, Fcntl.F_GETOWN -> 0;
            default -> special(file, call.intArgument(1), value);
        };
    }

    /// Does what only some kinds of files know: seals of files in memory, the size of a pipe.
    private static long special(OpenFile file, int command, int value) {
        return switch (command) {
            case Fcntl.F_GET_SEALS -> file.inode() instanceof TmpFile memory ? memory.seals() : -EINVAL;
            case Fcntl.F_ADD_SEALS -> file.inode() instanceof TmpFile memory ? memory.addSeals(file, value) : -EINVAL;
            case Fcntl.F_GETPIPE_SZ -> file.inode() instanceof Fifo ? Pipes.CAPACITY : -EBADF;
            default -> -EINVAL;
        };
    }

    private static long ioctl(Call call) {
        int fd = call.intArgument(0);
        @Nullable OpenFile file = call.files().get(fd);
        if (file == null || file.isPathOnly()) {
            return -EBADF;
        }
        int request = call.intArgument(1);
        return switch (request) {
            case Ioctl.FIOCLEX -> call.files().setClosesOnExec(fd, true);
            case Ioctl.FIONCLEX -> call.files().setClosesOnExec(fd, false);
            case Ioctl.FIONBIO -> {
                boolean on = call.memory().readInt(call.argument(2)) != 0;
                file.changeFlags(on ? file.flags() | O_NONBLOCK : file.flags() & ~O_NONBLOCK);
                yield 0;
            }
            default -> file.ioctl(request, call.argument(2), call.memory());
        };
    }

    private static long pipe(Call call, int flags) {
        Outcome<Pipes.Ends> made = call.services().files().pipes().make(flags);
        if (made.isError()) {
            return made.error();
        }
        boolean closes = (flags & O_CLOEXEC) != 0;
        int reader = call.files().add(made.value().reader(), closes);
        if (reader < 0) {
            made.value().writer().release();
            return reader;
        }
        int writer = call.files().add(made.value().writer(), closes);
        if (writer < 0) {
            var _ = call.files().close(reader);
            return writer;
        }
        call.memory().writeLong(call.argument(0), Integer.toUnsignedLong(reader) | (long) writer << Integer.SIZE);
        return 0;
    }

    private static long memoryFile(Call call) {
        @Nullable String name = call.memory().readString(call.argument(0), MEMFD_NAME_LIMIT);
        int flags = call.intArgument(1);
        if (name == null) {
            return -EINVAL;
        }
        return install(call, call.services().files().memoryFiles().open(name, flags), (flags & MFD_CLOEXEC) != 0);
    }

    private static long eventFile(Call call, int flags) {
        Outcome<OpenFile> file = call.services().files().events().open(call.intArgument(0), flags);
        return install(call, file, (flags & O_CLOEXEC) != 0);
    }

    /// Gives an opened file a descriptor.
    static long install(Call call, Outcome<OpenFile> file, boolean closesOnExec) {
        return file.isError() ? file.error() : call.files().add(file.value(), closesOnExec);
    }
}
