package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EBADF;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.PollEvents.POLLERR;
import static sharewalk.abi.PollEvents.POLLHUP;
import static sharewalk.abi.PollEvents.POLLIN;
import static sharewalk.abi.PollEvents.POLLNVAL;
import static sharewalk.abi.PollEvents.POLLOUT;
import static sharewalk.abi.PollEvents.POLLPRI;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.ResourceLimits;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.wait.WaitQueue;

/// Waiting for several files at once: poll(2) and select(2).
final class PollCalls {
    private static final int POLLFD_BYTES = 8;
    private static final int SELECT_LIMIT = 1024;
    private static final long MILLISECOND = 1_000_000;
    private static final int READ_SET = POLLIN | POLLHUP | POLLERR;
    private static final int WRITE_SET = POLLOUT | POLLERR;

    private PollCalls() {}

    static void register(SystemCallTable table) {
        table.fullWaiting(SystemCall.POLL, PollCalls::poll);
        table.fullWaiting(SystemCall.PPOLL, PollCalls::pollWithMask);
        table.fullWaiting(SystemCall.SELECT, call -> select(call, Durations.microseconds(call, 4)));
        table.fullWaiting(SystemCall.PSELECT6, PollCalls::selectWithMask);
        table.absent(SystemCall.EPOLL_CREATE, "poll and select are there");
        table.absent(SystemCall.EPOLL_CREATE1, "poll and select are there");
        table.absent(SystemCall.EPOLL_CTL, "");
        table.absent(SystemCall.EPOLL_WAIT, "");
        table.absent(SystemCall.EPOLL_PWAIT, "");
    }

    private static SyscallResult poll(Call call) {
        long timeout = call.intArgument(2);
        return pollUntil(call, timeout < 0 ? PendingCall.NO_DEADLINE : Durations.after(call, timeout * MILLISECOND));
    }

    private static SyscallResult pollWithMask(Call call) {
        long duration = Durations.timespec(call, 2);
        if (duration == Durations.INVALID) {
            return SyscallResult.done(-EINVAL);
        }
        SignalCalls.setTemporaryMask(call, call.argument(3), call.argument(4));
        return pollUntil(call, Durations.after(call, duration));
    }

    private static SyscallResult pollUntil(Call call, long deadline) {
        long count = Integer.toUnsignedLong(call.intArgument(1));
        if (count > call.process().limits().soft(ResourceLimits.RLIMIT_NOFILE)) {
            return SyscallResult.done(-EINVAL);
        }
        List<WaitQueue> queues = new ArrayList<>();
        int ready = 0;
        for (long entry = call.argument(0); entry < call.argument(0) + count * POLLFD_BYTES; entry += POLLFD_BYTES) {
            int fd = call.memory().readInt(entry);
            int wanted = call.memory().readInt(entry + Integer.BYTES) & 0xffff;
            int found = fd < 0 ? 0 : find(call.files().get(fd), wanted, queues);
            call.memory().writeInt(entry + Integer.BYTES, wanted | found << Short.SIZE);
            ready += found != 0 ? 1 : 0;
        }
        return ready > 0
                        || call.hasTimedOut()
                        || deadline <= call.now() && !call.pending().hasWaited()
                ? SyscallResult.done(ready)
                : new SyscallResult.Wait(queues, deadline, PendingCall.Interruption.ALWAYS_EINTR);
    }

    /// Returns the events found, and adds the queues where the wanted ones are told.
    private static int find(@Nullable OpenFile file, int wanted, List<WaitQueue> queues) {
        if (file == null || file.isPathOnly()) {
            return POLLNVAL;
        }
        for (int event : new int[] {POLLIN, POLLOUT}) {
            @Nullable WaitQueue queue = file.waitQueue(event);
            if (queue != null && ((wanted & event) != 0 || event == POLLIN)) {
                queues.add(queue);
            }
        }
        return file.ready() & (wanted | POLLERR | POLLHUP);
    }

    private static SyscallResult selectWithMask(Call call) {
        if (call.argument(5) != 0) {
            long mask = call.memory().readLong(call.argument(5));
            long size = call.memory().readLong(call.argument(5) + Long.BYTES);
            SignalCalls.setTemporaryMask(call, mask, size);
        }
        return select(call, Durations.timespec(call, 4));
    }

    private static SyscallResult select(Call call, long duration) {
        int count = Math.min(call.intArgument(0), SELECT_LIMIT);
        if (count < 0 || duration == Durations.INVALID) {
            return SyscallResult.done(-EINVAL);
        }
        DescriptorSet[] wanted = new DescriptorSet[3];
        DescriptorSet[] found = new DescriptorSet[3];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = DescriptorSet.read(call.memory(), call.argument(i + 1), count);
            found[i] = DescriptorSet.empty(count);
        }
        List<WaitQueue> queues = new ArrayList<>();
        int ready = 0;
        for (int fd = 0; fd < count; fd++) {
            int events = (wanted[0].contains(fd) ? POLLIN : 0)
                    | (wanted[1].contains(fd) ? POLLOUT : 0)
                    | (wanted[2].contains(fd) ? POLLPRI : 0);
            if (events == 0) {
                continue;
            }
            int answer = find(call.files().get(fd), events, queues);
            if (answer == POLLNVAL) {
                return SyscallResult.done(-EBADF);
            }
            ready += found[0].addIf(fd, wanted[0].contains(fd) && (answer & READ_SET) != 0);
            ready += found[1].addIf(fd, wanted[1].contains(fd) && (answer & WRITE_SET) != 0);
            ready += found[2].addIf(fd, wanted[2].contains(fd) && (answer & POLLPRI) != 0);
        }
        long deadline = Durations.after(call, duration);
        if (ready == 0 && !call.hasTimedOut() && duration != 0) {
            return new SyscallResult.Wait(queues, deadline, PendingCall.Interruption.ALWAYS_EINTR);
        }
        for (int i = 0; i < found.length; i++) {
            found[i].write(call.memory(), call.argument(i + 1));
        }
        return SyscallResult.done(ready);
    }
}
