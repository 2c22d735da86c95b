package sharewalk.kernel.syscall;

import static sharewalk.abi.AtFlags.AT_EMPTY_PATH;
import static sharewalk.abi.AtFlags.AT_FDCWD;
import static sharewalk.abi.AtFlags.AT_REMOVEDIR;
import static sharewalk.abi.AtFlags.AT_SYMLINK_FOLLOW;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOENT;

import java.util.function.ToLongFunction;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.NameOperations;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.PathName;

/// The making, moving and removing of names: mkdir(2), unlink(2), rename(2), link(2), symlink(2), mknod(2).
final class NameCalls {
    private NameCalls() {}

    static void register(SystemCallTable table) {
        table.full(
                SystemCall.MKDIR,
                call -> with(call.path(0), path -> names(call).makeDirectory(path, call.intArgument(1))));
        table.full(
                SystemCall.MKDIRAT,
                call -> with(call.pathAt(0, 1), path -> names(call).makeDirectory(path, call.intArgument(2))));
        table.partial(
                SystemCall.MKNOD,
                "regular files only",
                call -> with(call.path(0), path -> names(call).makeNode(path, call.intArgument(1))));
        table.partial(
                SystemCall.MKNODAT,
                "regular files only",
                call -> with(call.pathAt(0, 1), path -> names(call).makeNode(path, call.intArgument(2))));
        table.full(SystemCall.RMDIR, call -> with(call.path(0), names(call)::removeDirectory));
        table.full(SystemCall.UNLINK, call -> with(call.path(0), names(call)::unlink));
        table.full(SystemCall.UNLINKAT, NameCalls::unlinkAt);
        table.full(SystemCall.RENAME, call -> rename(call, call.path(0), call.path(1), 0));
        table.full(SystemCall.RENAMEAT, call -> rename(call, call.pathAt(0, 1), call.pathAt(2, 3), 0));
        table.partial(
                SystemCall.RENAMEAT2,
                "no RENAME_EXCHANGE",
                call -> rename(call, call.pathAt(0, 1), call.pathAt(2, 3), call.intArgument(4)));
        table.full(SystemCall.SYMLINK, call -> symbolicLink(call, call.path(1)));
        table.full(SystemCall.SYMLINKAT, call -> symbolicLink(call, call.pathAt(1, 2)));
        table.full(SystemCall.LINK, call -> link(call, call.path(0), call.path(1), 0));
        table.full(SystemCall.LINKAT, call -> link(call, call.pathAt(0, 1), call.pathAt(2, 3), call.intArgument(4)));
    }

    private static NameOperations names(Call call) {
        return call.services().files().vfs().names();
    }

    /// Returns the path's error or what the operation returns.
    static long with(Outcome<PathName> path, ToLongFunction<PathName> operation) {
        return path.isError() ? path.error() : operation.applyAsLong(path.value());
    }

    private static long unlinkAt(Call call) {
        int flags = call.intArgument(2);
        if ((flags & ~AT_REMOVEDIR) != 0) {
            return -EINVAL;
        }
        return with(call.pathAt(0, 1), flags != 0 ? names(call)::removeDirectory : names(call)::unlink);
    }

    private static long rename(Call call, Outcome<PathName> from, Outcome<PathName> to, int flags) {
        return with(
                from,
                old -> with(to, fresh -> call.services().files().vfs().renamer().rename(old, fresh, flags)));
    }

    private static long symbolicLink(Call call, Outcome<PathName> path) {
        Outcome<String> target = call.pathText(0);
        return target.isError()
                ? target.error()
                : with(path, place -> names(call).makeSymbolicLink(target.value(), place));
    }

    private static long link(Call call, Outcome<PathName> from, Outcome<PathName> to, int flags) {
        if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0) {
            return -EINVAL;
        }
        if (from.isError()) {
            return from.error();
        }
        boolean isEmpty = from.value().text().isEmpty();
        if (isEmpty && ((flags & AT_EMPTY_PATH) == 0 || call.intArgument(0) == AT_FDCWD)) {
            return -ENOENT;
        }
        Outcome<Location> old =
                call.services().files().vfs().attributes().findOrBase(from.value(), (flags & AT_SYMLINK_FOLLOW) != 0);
        return old.isError() ? old.error() : with(to, path -> names(call).link(old.value(), path));
    }
}
