package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.EPIPE;
import static sharewalk.abi.Signals.SEGV_WRITE_NOTIFY;
import static sharewalk.abi.Signals.SIGPIPE;
import static sharewalk.abi.Signals.SIGSEGV;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.PollEvents;
import sharewalk.abi.Seek;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.SignalDetail;
import sharewalk.kernel.wait.WaitQueue;

/// The moving of bytes between a file and the caller, in chunks, with waiting in between where the file needs it.
final class Transfer {
    /// The position of a transfer at the file's own.
    static final long AT_FILE_POSITION = -1;

    private static final int CHUNK = 1 << 16;

    private Transfer() {}

    /// Bytes that earlier attempts at a write have moved.
    private record Moved(long count) implements PendingCall.Progress {
        @Override
        public long interrupted() {
            return count;
        }
    }

    static SyscallResult read(Call call, OpenFile file, UserSegments user, long position) {
        long total = 0;
        byte[] chunk = new byte[(int) Math.min(CHUNK, user.sizeBytes())];
        do {
            int wanted = (int) Math.min(chunk.length, user.sizeBytes() - total);
            ByteBuffer into = ByteBuffer.wrap(chunk, 0, wanted);
            long got = position == AT_FILE_POSITION ? file.read(into) : file.readAt(position + total, into);
            if (got == FileOperations.WOULD_BLOCK) {
                return total > 0 ? SyscallResult.done(total) : waitFor(file, PollEvents.POLLIN);
            }
            if (got <= 0) {
                return SyscallResult.done(total > 0 ? total : got);
            }
            int copied = user.copyOut(total, chunk, (int) got);
            total += copied;
            if (copied < got) {
                giveBack(file, got - copied, position);
                return SyscallResult.done(total > 0 ? total : -EFAULT);
            }
            if (got < wanted) {
                break;
            }
        } while (total < user.sizeBytes());
        return SyscallResult.done(total);
    }

    /// Moves the position back over bytes that could not be handed to the caller.
    private static void giveBack(OpenFile file, long count, long position) {
        if (position == AT_FILE_POSITION) {
            var _ = file.seek(-count, Seek.SEEK_CUR);
        }
    }

    static SyscallResult write(Call call, OpenFile file, UserSegments user, long position) {
        long total = call.pending().progress() instanceof Moved(long count) ? count : 0;
        byte[] chunk = new byte[(int) Math.min(CHUNK, user.sizeBytes())];
        do {
            int wanted = (int) Math.min(chunk.length, user.sizeBytes() - total);
            int have = user.copyIn(total, chunk, wanted);
            if (have == 0 && wanted > 0) {
                return SyscallResult.done(total > 0 ? total : -EFAULT);
            }
            ByteBuffer from = ByteBuffer.wrap(chunk, 0, have);
            long put = position == AT_FILE_POSITION ? file.write(from) : file.writeAt(position + total, from);
            if (put == FileOperations.NEEDS_HANDLER && total == 0) {
                call.services().signaling().force(call.task(), new SignalDetail.Fault(SIGSEGV, SEGV_WRITE_NOTIFY, 0));
            }
            if (put == FileOperations.NEEDS_HANDLER && total > 0) {
                // What was written counts; the next call will get the signal.
                return SyscallResult.done(total);
            }
            if (put == FileOperations.WOULD_BLOCK || put == FileOperations.NEEDS_HANDLER) {
                call.pending().setProgress(total > 0 ? new Moved(total) : null);
                return waitFor(file, PollEvents.POLLOUT);
            }
            if (put < 0) {
                return SyscallResult.done(total > 0 ? total : failed(call, put));
            }
            total += put;
            if (put == 0 || have < wanted || put < have && file.isNonBlocking()) {
                break;
            }
        } while (total < user.sizeBytes());
        return SyscallResult.done(total);
    }

    private static long failed(Call call, long error) {
        if (error == -EPIPE) {
            call.services()
                    .signaling()
                    .send(
                            call.task(),
                            SignalDetail.Sent.byKill(SIGPIPE, call.process().pid()));
        }
        return error;
    }

    private static SyscallResult waitFor(OpenFile file, int event) {
        @Nullable WaitQueue queue = file.waitQueue(event);
        return queue == null
                ? SyscallResult.done(-EAGAIN)
                : new SyscallResult.Wait(List.of(queue), PendingCall.NO_DEADLINE, PendingCall.Interruption.RESTART);
    }
}
