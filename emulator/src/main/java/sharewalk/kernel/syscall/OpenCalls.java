package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.E2BIG;
import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.OpenFlags.O_CLOEXEC;
import static sharewalk.abi.OpenFlags.O_CREAT;
import static sharewalk.abi.OpenFlags.O_TRUNC;
import static sharewalk.abi.OpenFlags.O_WRONLY;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.PathName;

/// The opening of files, and what is done with open ones as a whole: open(2), getdents64(2), ftruncate(2), fsync(2).
final class OpenCalls {
    private static final int OPEN_HOW_BYTES = 24;
    private static final int DIRECTORY_CHUNK = 1 << 16;

    private OpenCalls() {}

    static void register(SystemCallTable table) {
        table.full(SystemCall.OPEN, call -> open(call, call.path(0), call.intArgument(1), call.intArgument(2)));
        table.full(
                SystemCall.CREAT, call -> open(call, call.path(0), O_CREAT | O_WRONLY | O_TRUNC, call.intArgument(1)));
        table.full(SystemCall.OPENAT, call -> open(call, call.pathAt(0, 1), call.intArgument(2), call.intArgument(3)));
        table.partial(SystemCall.OPENAT2, "no RESOLVE flags", OpenCalls::openHow);
        table.full(SystemCall.GETDENTS64, OpenCalls::directory);
        table.absent(SystemCall.GETDENTS, "an old layout that no 64-bit C library asks for");
        table.full(SystemCall.FTRUNCATE, OpenCalls::truncate);
        table.full(SystemCall.FALLOCATE, OpenCalls::allocate);
        table.ignored(SystemCall.FADVISE64, "advice");
        table.ignored(SystemCall.READAHEAD, "advice");
        table.full(SystemCall.FSYNC, OpenCalls::sync);
        table.full(SystemCall.FDATASYNC, OpenCalls::sync);
        table.full(SystemCall.SYNCFS, OpenCalls::sync);
        table.ignored(SystemCall.SYNC, "there is no storage to be in step with");
    }

    private static long open(Call call, Outcome<PathName> path, int flags, int mode) {
        if (path.isError()) {
            return path.error();
        }
        Outcome<OpenFile> file = call.services().files().vfs().opener().open(path.value(), flags, mode & 07777);
        return DescriptorCalls.install(call, file, (flags & O_CLOEXEC) != 0);
    }

    private static long openHow(Call call) {
        long size = call.argument(3);
        if (size < OPEN_HOW_BYTES) {
            return -EINVAL;
        }
        if (size > OPEN_HOW_BYTES) {
            return -E2BIG;
        }
        long how = call.argument(2);
        long flags = call.memory().readLong(how);
        long mode = call.memory().readLong(how + Long.BYTES);
        long resolve = call.memory().readLong(how + 2 * Long.BYTES);
        if (flags != (int) flags || (mode & ~07777) != 0 || resolve != 0) {
            return -EINVAL;
        }
        return open(call, call.pathAt(0, 1), (int) flags, (int) mode);
    }

    private static long directory(Call call) {
        @Nullable OpenFile file = call.file(0);
        if (file == null) {
            return -EBADF;
        }
        int size = (int) Math.min(Integer.toUnsignedLong(call.intArgument(2)), DIRECTORY_CHUNK);
        ByteBuffer entries = ByteBuffer.allocate(size);
        long result = file.readDirectory(entries);
        if (result > 0) {
            byte[] bytes = new byte[(int) result];
            entries.get(0, bytes);
            call.memory().write(call.argument(1), bytes);
        }
        return result;
    }

    private static long truncate(Call call) {
        @Nullable OpenFile file = call.file(0);
        return file == null ? -EBADF : file.truncate(call.argument(1));
    }

    private static long allocate(Call call) {
        @Nullable OpenFile file = call.file(0);
        return file == null ? -EBADF : file.allocate(call.intArgument(1), call.argument(2), call.argument(3));
    }

    private static long sync(Call call) {
        @Nullable OpenFile file = call.file(0);
        return file == null || file.isPathOnly() ? -EBADF : 0;
    }
}
