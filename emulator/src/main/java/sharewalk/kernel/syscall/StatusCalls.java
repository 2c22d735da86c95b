package sharewalk.kernel.syscall;

import static sharewalk.abi.AtFlags.AT_EMPTY_PATH;
import static sharewalk.abi.AtFlags.AT_NO_AUTOMOUNT;
import static sharewalk.abi.AtFlags.AT_SYMLINK_NOFOLLOW;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOENT;

import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.FileStatus;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.PathName;

/// What files and file systems tell of themselves: stat(2), statx(2), statfs(2).
final class StatusCalls {
    /// The flags of statx(2) that say how fresh the answer must be: always fresh here.
    private static final int SYNC_FLAGS = 0x6000;

    private static final int STATUS_FLAGS = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;

    private StatusCalls() {}

    static void register(SystemCallTable table) {
        table.full(SystemCall.STAT, call -> status(call, place(call, call.path(0), 0), 1));
        table.full(SystemCall.LSTAT, call -> status(call, place(call, call.path(0), AT_SYMLINK_NOFOLLOW), 1));
        table.full(SystemCall.FSTAT, StatusCalls::openStatus);
        table.full(SystemCall.NEWFSTATAT, StatusCalls::statusAt);
        table.partial(SystemCall.STATX, "basic fields, no birth time", StatusCalls::extended);
        table.full(SystemCall.STATFS, call -> fileSystem(call, place(call, call.path(0), 0)));
        table.full(SystemCall.FSTATFS, StatusCalls::openFileSystem);
    }

    /// Returns what a path stands for, heeding the flags of the `...at` calls.
    static Outcome<Location> place(Call call, Outcome<PathName> path, int flags) {
        if (path.isError()) {
            return path.failed();
        }
        if (path.value().text().isEmpty() && (flags & AT_EMPTY_PATH) == 0) {
            return Outcome.error(-ENOENT);
        }
        boolean follows = (flags & AT_SYMLINK_NOFOLLOW) == 0;
        return call.services().files().vfs().attributes().findOrBase(path.value(), follows);
    }

    private static long status(Call call, Outcome<Location> place, int position) {
        if (place.isError()) {
            return place.error();
        }
        FileStatus status = place.value().inode().status();
        call.memory()
                .write(
                        call.argument(position),
                        StatusEncoding.stat(status, call.services().isa()));
        return 0;
    }

    private static long openStatus(Call call) {
        @Nullable OpenFile file = call.file(0);
        return file == null ? -EBADF : status(call, Outcome.of(file.location()), 1);
    }

    private static long statusAt(Call call) {
        int flags = call.intArgument(3);
        if ((flags & ~STATUS_FLAGS) != 0) {
            return -EINVAL;
        }
        return status(call, place(call, call.pathAt(0, 1), flags), 2);
    }

    private static long extended(Call call) {
        int flags = call.intArgument(2);
        if ((flags & ~(STATUS_FLAGS | SYNC_FLAGS)) != 0 || (flags & SYNC_FLAGS) == SYNC_FLAGS) {
            return -EINVAL;
        }
        Outcome<Location> place = place(call, call.pathAt(0, 1), flags);
        if (place.isError()) {
            return place.error();
        }
        call.memory()
                .write(
                        call.argument(4),
                        StatusEncoding.statx(place.value().inode().status()));
        return 0;
    }

    private static long fileSystem(Call call, Outcome<Location> place) {
        if (place.isError()) {
            return place.error();
        }
        FileSystem fileSystem = place.value().mount().fileSystem();
        call.memory().write(call.argument(1), StatusEncoding.statfs(fileSystem.status()));
        return 0;
    }

    private static long openFileSystem(Call call) {
        @Nullable OpenFile file = call.file(0);
        return file == null ? -EBADF : fileSystem(call, Outcome.of(file.location()));
    }
}
