package sharewalk.kernel.syscall;

import static sharewalk.abi.AtFlags.AT_EACCESS;
import static sharewalk.abi.AtFlags.AT_EMPTY_PATH;
import static sharewalk.abi.AtFlags.AT_SYMLINK_NOFOLLOW;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.AttributeOperations;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.PathName;

/// What is asked and changed of files by path: access(2), readlink(2), chmod(2), chown(2), utimensat(2), chdir(2).
final class AttributeCalls {
    private static final long SECOND = 1_000_000_000L;
    private static final long UTIME_NOW = 0x3fff_ffff;
    private static final long UTIME_OMIT = 0x3fff_fffe;
    private static final int AT_FLAGS = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW;

    private AttributeCalls() {}

    static void register(SystemCallTable table) {
        table.full(SystemCall.ACCESS, call -> access(call, call.path(0), call.intArgument(1), 0));
        table.full(SystemCall.FACCESSAT, call -> access(call, call.pathAt(0, 1), call.intArgument(2), 0));
        table.full(
                SystemCall.FACCESSAT2,
                call -> access(call, call.pathAt(0, 1), call.intArgument(2), call.intArgument(3)));
        table.full(SystemCall.READLINK, call -> readLink(call, call.path(0), 1));
        table.full(SystemCall.READLINKAT, call -> readLink(call, call.pathAt(0, 1), 2));
        table.full(SystemCall.CHMOD, call -> changeMode(call, StatusCalls.place(call, call.path(0), 0), 1));
        table.full(SystemCall.FCHMOD, call -> changeMode(call, opened(call), 1));
        table.full(SystemCall.FCHMODAT, call -> changeMode(call, StatusCalls.place(call, call.pathAt(0, 1), 0), 2));
        table.full(SystemCall.CHOWN, call -> changeOwner(call, StatusCalls.place(call, call.path(0), 0), 1));
        table.full(
                SystemCall.LCHOWN,
                call -> changeOwner(call, StatusCalls.place(call, call.path(0), AT_SYMLINK_NOFOLLOW), 1));
        table.full(SystemCall.FCHOWN, call -> changeOwner(call, opened(call), 1));
        table.full(
                SystemCall.FCHOWNAT,
                call -> changeOwner(call, StatusCalls.place(call, call.pathAt(0, 1), call.intArgument(4)), 2));
        table.full(SystemCall.UTIMENSAT, AttributeCalls::changeTimes);
        table.full(
                SystemCall.TRUNCATE,
                call -> NameCalls.with(call.path(0), path -> attributes(call).truncate(path, call.argument(1))));
        table.full(SystemCall.CHDIR, call -> changeDirectory(call, StatusCalls.place(call, call.path(0), 0)));
        table.full(SystemCall.FCHDIR, call -> changeDirectory(call, opened(call)));
        table.full(SystemCall.GETCWD, AttributeCalls::workingDirectory);
        table.full(SystemCall.UMASK, call -> call.fs().exchangeUmask(call.intArgument(0)));
        table.absent(SystemCall.UTIME, "superseded by utimensat");
        table.absent(SystemCall.UTIMES, "superseded by utimensat");
        table.absent(SystemCall.FUTIMESAT, "superseded by utimensat");
        table.absent(SystemCall.CHROOT, "");
    }

    private static AttributeOperations attributes(Call call) {
        return call.services().files().vfs().attributes();
    }

    private static Outcome<Location> opened(Call call) {
        @Nullable OpenFile file = call.file(0);
        return file == null ? Outcome.error(-EBADF) : Outcome.of(file.location());
    }

    private static long access(Call call, Outcome<PathName> path, int mode, int flags) {
        if ((flags & ~(AT_FLAGS | AT_EACCESS)) != 0) {
            return -EINVAL;
        }
        Outcome<Location> place = StatusCalls.place(call, path, flags);
        return place.isError() ? place.error() : attributes(call).access(call.fs(), place.value(), mode);
    }

    private static long readLink(Call call, Outcome<PathName> path, int position) {
        int size = call.intArgument(position + 1);
        if (size <= 0) {
            return -EINVAL;
        }
        if (path.isError()) {
            return path.error();
        }
        Outcome<String> target = attributes(call).readLink(path.value());
        if (target.isError()) {
            return target.error();
        }
        byte[] text = target.value().getBytes(StandardCharsets.ISO_8859_1);
        byte[] answer = Arrays.copyOf(text, Math.min(size, text.length));
        call.memory().write(call.argument(position), answer);
        return answer.length;
    }

    private static long changeMode(Call call, Outcome<Location> place, int position) {
        return place.isError()
                ? place.error()
                : attributes(call).changePermissions(call.fs(), place.value(), call.intArgument(position) & 07777);
    }

    private static long changeOwner(Call call, Outcome<Location> place, int position) {
        return place.isError()
                ? place.error()
                : attributes(call)
                        .changeOwner(
                                call.fs(), place.value(), call.intArgument(position), call.intArgument(position + 1));
    }

    private static long changeTimes(Call call) {
        int flags = call.intArgument(3);
        if ((flags & ~AT_FLAGS) != 0) {
            return -EINVAL;
        }
        long accessTime = call.services().clock().realTime();
        long modifyTime = accessTime;
        if (call.argument(2) != 0) {
            accessTime = time(call, call.argument(2));
            modifyTime = time(call, call.argument(2) + 2 * Long.BYTES);
        }
        if (accessTime == Long.MIN_VALUE || modifyTime == Long.MIN_VALUE) {
            return -EINVAL;
        }
        Outcome<Location> place =
                call.argument(1) == 0 ? opened(call) : StatusCalls.place(call, call.pathAt(0, 1), flags);
        return place.isError()
                ? place.error()
                : attributes(call).changeTimes(call.fs(), place.value(), accessTime, modifyTime);
    }

    /// Returns nanoseconds since the epoch, -1 for a time to leave alone, or the least number for one that is none.
    private static long time(Call call, long virtAddr) {
        long seconds = call.memory().readLong(virtAddr);
        long nanoseconds = call.memory().readLong(virtAddr + Long.BYTES);
        if (nanoseconds == UTIME_NOW) {
            return call.services().clock().realTime();
        }
        if (nanoseconds == UTIME_OMIT) {
            return -1;
        }
        boolean isTime = nanoseconds >= 0 && nanoseconds < SECOND && seconds >= 0 && seconds < Long.MAX_VALUE / SECOND;
        return isTime ? seconds * SECOND + nanoseconds : Long.MIN_VALUE;
    }

    private static long changeDirectory(Call call, Outcome<Location> place) {
        return place.isError() ? place.error() : attributes(call).changeDirectory(call.fs(), place.value());
    }

    private static long workingDirectory(Call call) {
        Outcome<String> path = attributes(call).workingDirectory(call.fs(), call.argument(1));
        if (path.isError()) {
            return path.error();
        }
        byte[] text = (path.value() + "\0").getBytes(StandardCharsets.ISO_8859_1);
        call.memory().write(call.argument(0), text);
        return text.length;
    }
}
