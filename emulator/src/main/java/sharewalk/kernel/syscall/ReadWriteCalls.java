package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EOPNOTSUPP;
import static sharewalk.abi.Errno.ESPIPE;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.Seek;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;

/// Reading, writing and positions: read(2), write(2), their vector and positioned forms, lseek(2), sendfile(2).
final class ReadWriteCalls {
    private static final int CHUNK = 1 << 16;

    private ReadWriteCalls() {}

    static void register(SystemCallTable table) {
        table.fullWaiting(SystemCall.READ, call -> read(call, buffer(call), Transfer.AT_FILE_POSITION));
        table.fullWaiting(SystemCall.WRITE, call -> write(call, buffer(call), Transfer.AT_FILE_POSITION));
        table.fullWaiting(SystemCall.READV, call -> read(call, vector(call), Transfer.AT_FILE_POSITION));
        table.fullWaiting(SystemCall.WRITEV, call -> write(call, vector(call), Transfer.AT_FILE_POSITION));
        table.fullWaiting(SystemCall.PREAD64, call -> at(call, buffer(call), ReadWriteCalls::read));
        table.fullWaiting(SystemCall.PWRITE64, call -> at(call, buffer(call), ReadWriteCalls::write));
        table.fullWaiting(SystemCall.PREADV, call -> at(call, vector(call), ReadWriteCalls::read));
        table.fullWaiting(SystemCall.PWRITEV, call -> at(call, vector(call), ReadWriteCalls::write));
        table.partialWaiting(SystemCall.PREADV2, "no flags", call -> versionTwo(call, ReadWriteCalls::read));
        table.partialWaiting(SystemCall.PWRITEV2, "no flags", call -> versionTwo(call, ReadWriteCalls::write));
        table.full(SystemCall.LSEEK, ReadWriteCalls::seek);
        table.partial(SystemCall.SENDFILE, "from and to files that do not wait", ReadWriteCalls::sendFile);
        table.partial(SystemCall.COPY_FILE_RANGE, "copies through the kernel", ReadWriteCalls::copyRange);
        table.absent(SystemCall.SPLICE, "");
    }

    /// A read or a write, given what it moves and where.
    private interface Mover {
        SyscallResult move(Call call, Outcome<UserSegments> user, long position);
    }

    private static Outcome<UserSegments> buffer(Call call) {
        return UserSegments.one(call.memory(), call.argument(1), call.argument(2));
    }

    private static Outcome<UserSegments> vector(Call call) {
        return UserSegments.vector(call.memory(), call.argument(1), call.argument(2));
    }

    private static SyscallResult read(Call call, Outcome<UserSegments> user, long position) {
        @Nullable OpenFile file = call.file(0);
        if (file == null || !file.canRead()) {
            return SyscallResult.done(-EBADF);
        }
        return user.isError() ? SyscallResult.done(user.error()) : Transfer.read(call, file, user.value(), position);
    }

    private static SyscallResult write(Call call, Outcome<UserSegments> user, long position) {
        @Nullable OpenFile file = call.file(0);
        if (file == null || !file.canWrite()) {
            return SyscallResult.done(-EBADF);
        }
        return user.isError() ? SyscallResult.done(user.error()) : Transfer.write(call, file, user.value(), position);
    }

    private static SyscallResult at(Call call, Outcome<UserSegments> user, Mover mover) {
        long position = call.argument(3);
        @Nullable OpenFile file = call.file(0);
        if (position < 0) {
            return SyscallResult.done(-EINVAL);
        }
        if (file != null && !file.operations().isSeekable()) {
            return SyscallResult.done(-ESPIPE);
        }
        return mover.move(call, user, position);
    }

    private static SyscallResult versionTwo(Call call, Mover mover) {
        if (call.intArgument(5) != 0) {
            return SyscallResult.done(-EOPNOTSUPP);
        }
        return call.argument(3) == -1
                ? mover.move(call, vector(call), Transfer.AT_FILE_POSITION)
                : at(call, vector(call), mover);
    }

    private static long seek(Call call) {
        @Nullable OpenFile file = call.file(0);
        int whence = call.intArgument(2);
        if (file == null) {
            return -EBADF;
        }
        return whence < Seek.SEEK_SET || whence > Seek.SEEK_HOLE ? -EINVAL : file.seek(call.argument(1), whence);
    }

    private static long sendFile(Call call) {
        @Nullable OpenFile to = call.file(0);
        @Nullable OpenFile from = call.file(1);
        if (to == null || from == null || !to.canWrite() || !from.canRead()) {
            return -EBADF;
        }
        return copy(call, new Ends(from, call.argument(2), to, 0), call.argument(3));
    }

    private static long copyRange(Call call) {
        @Nullable OpenFile from = call.file(0);
        @Nullable OpenFile to = call.file(2);
        if (to == null || from == null || !to.canWrite() || !from.canRead()) {
            return -EBADF;
        }
        if (call.intArgument(5) != 0
                || !from.operations().isSeekable()
                || !to.operations().isSeekable()) {
            return -EINVAL;
        }
        return copy(call, new Ends(from, call.argument(1), to, call.argument(3)), call.argument(4));
    }

    /// Two files, each with the address of a position to use and update, or 0 for the file's own.
    private record Ends(OpenFile from, long fromOffset, OpenFile to, long toOffset) {}

    private static long copy(Call call, Ends ends, long sizeBytes) {
        if (sizeBytes < 0) {
            return -EINVAL;
        }
        long fromStart = ends.fromOffset() == 0 ? 0 : call.memory().readLong(ends.fromOffset());
        long toStart = ends.toOffset() == 0 ? 0 : call.memory().readLong(ends.toOffset());
        long total = 0;
        long error = 0;
        byte[] chunk = new byte[(int) Math.min(CHUNK, sizeBytes)];
        while (total < sizeBytes && error == 0) {
            ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, (int) Math.min(chunk.length, sizeBytes - total));
            long got = ends.fromOffset() == 0
                    ? ends.from().read(bytes)
                    : ends.from().readAt(fromStart + total, bytes);
            if (got <= 0) {
                error = got == FileOperations.WOULD_BLOCK ? -EINVAL : got;
                break;
            }
            ByteBuffer out = ByteBuffer.wrap(chunk, 0, (int) got);
            long put = ends.toOffset() == 0 ? ends.to().write(out) : ends.to().writeAt(toStart + total, out);
            if (put <= 0) {
                error = put == FileOperations.WOULD_BLOCK || put == FileOperations.NEEDS_HANDLER ? -EINVAL : put;
                break;
            }
            total += put;
        }
        if (ends.fromOffset() != 0) {
            call.memory().writeLong(ends.fromOffset(), fromStart + total);
        }
        if (ends.toOffset() != 0) {
            call.memory().writeLong(ends.toOffset(), toStart + total);
        }
        return total > 0 ? total : error;
    }
}
