package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EACCES;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EOPNOTSUPP;
import static sharewalk.abi.OpenFlags.O_CLOEXEC;
import static sharewalk.abi.WriteNotification.NOTIFY_SIGNAL;
import static sharewalk.abi.WriteNotification.NOTIFY_WAIT;
import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.event.WatchedFile;
import sharewalk.kernel.fs.event.WriteNotifier;
import sharewalk.kernel.fs.tmp.TmpFile;
import sharewalk.kernel.process.GuestProcess;
import sharewalk.kernel.process.KernelServices;

/// Write notification at the page cache, a proposal (`emulator/designs/notify.md`): which ranges of a file somebody is
/// told of before they are written.
final class NotifyCalls {
    private static final String OPTION = "`--notify write`";

    private NotifyCalls() {}

    static void register(SystemCallTable table) {
        table.byDesign(SystemCall.NOTIFY_CREATE, OPTION);
        table.byDesign(SystemCall.NOTIFY_PROTECT, OPTION);
        table.byDesign(SystemCall.NOTIFY_UNPROTECT, OPTION);
    }

    /// Has the calls answered from now on.
    static void enable(SystemCallTable table) {
        table.bringHandler(SystemCall.NOTIFY_CREATE, NotifyCalls::create);
        table.bringHandler(SystemCall.NOTIFY_PROTECT, NotifyCalls::protect);
        table.bringHandler(SystemCall.NOTIFY_UNPROTECT, NotifyCalls::unprotect);
    }

    private static long create(Call call) {
        KernelServices services = call.services();
        int flags = call.intArgument(0);
        Outcome<OpenFile> file = services.files().events().openNotifier(flags, () -> currentPid(services));
        return DescriptorCalls.install(call, file, (flags & O_CLOEXEC) != 0);
    }

    private static int currentPid(KernelServices services) {
        @Nullable GuestProcess current = services.processes().current();
        return current == null ? 0 : current.pid();
    }

    /// notify_protect(notifier, file, offset, size, mode, cookie).
    private static long protect(Call call) {
        int mode = call.intArgument(4);
        Outcome<Range> range = range(call);
        if (range.isError()) {
            return range.error();
        }
        if (mode != NOTIFY_WAIT && mode != NOTIFY_SIGNAL) {
            return -EINVAL;
        }
        if (!range.value().mayWrite()) {
            return -EACCES;
        }
        return WatchedFile.of(range.value().file())
                .protect(
                        range.value().notifier(),
                        range.value().firstPage(),
                        range.value().endPage(),
                        mode,
                        call.argument(5));
    }

    /// notify_unprotect(notifier, file, offset, size).
    private static long unprotect(Call call) {
        Outcome<Range> range = range(call);
        if (range.isError()) {
            return range.error();
        }
        WatchedFile.of(range.value().file())
                .unprotect(
                        range.value().notifier(),
                        range.value().firstPage(),
                        range.value().endPage());
        return 0;
    }

    /// The arguments that both calls begin with.
    private record Range(WriteNotifier notifier, TmpFile file, boolean mayWrite, long firstPage, long endPage) {}

    private static Outcome<Range> range(Call call) {
        @Nullable OpenFile descriptor = call.file(0);
        @Nullable OpenFile file = call.file(1);
        if (descriptor == null || file == null || file.isPathOnly()) {
            return Outcome.error(-EBADF);
        }
        if (!(descriptor.inode() instanceof WriteNotifier notifier)) {
            return Outcome.error(-EINVAL);
        }
        if (!(file.inode() instanceof TmpFile memory)) {
            return Outcome.error(-EOPNOTSUPP);
        }
        long offset = call.argument(2);
        long size = call.argument(3);
        boolean isAligned = ((offset | size) & PAGE_BYTES - 1) == 0;
        if (!isAligned || offset < 0 || size <= 0 || offset > Long.MAX_VALUE - size) {
            return Outcome.error(-EINVAL);
        }
        return Outcome.of(
                new Range(notifier, memory, file.canWrite(), offset >>> PAGE_SHIFT, offset + size >>> PAGE_SHIFT));
    }
}
