package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ESRCH;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.Task;

/// Scheduling: sched_yield(2), sched_setaffinity(2), getcpu(2), and priorities, which change nothing.
final class SchedulingCalls {
    private static final int HIGHEST_PRIORITY = 99;
    private static final int POLICIES = 7;
    private static final int DEFAULT_NICE = 20;

    private SchedulingCalls() {}

    /// A task that has let others go first.
    private record Yielded() implements PendingCall.Progress {}

    static void register(SystemCallTable table) {
        table.fullWaiting(SystemCall.SCHED_YIELD, SchedulingCalls::yieldHart);
        table.full(SystemCall.SCHED_GETAFFINITY, SchedulingCalls::affinity);
        table.full(SystemCall.SCHED_SETAFFINITY, SchedulingCalls::setAffinity);
        table.full(SystemCall.GETCPU, SchedulingCalls::hart);
        String note = "one policy, one priority";
        table.partial(SystemCall.SCHED_GETPARAM, note, call -> {
            call.memory().writeInt(call.argument(1), 0);
            return 0;
        });
        table.partial(SystemCall.SCHED_GETSCHEDULER, note, _ -> 0);
        table.ignored(SystemCall.SCHED_SETSCHEDULER, note);
        table.full(SystemCall.SCHED_GET_PRIORITY_MAX, call -> priority(call.intArgument(0), HIGHEST_PRIORITY));
        table.full(SystemCall.SCHED_GET_PRIORITY_MIN, call -> priority(call.intArgument(0), 1));
        table.partial(SystemCall.GETPRIORITY, note, _ -> DEFAULT_NICE);
        table.ignored(SystemCall.SETPRIORITY, note);
    }

    private static SyscallResult yieldHart(Call call) {
        if (call.pending().progress() instanceof Yielded) {
            return SyscallResult.done(0);
        }
        call.pending().setProgress(new Yielded());
        // A wait that is over at once: behind everybody who waits for a hart now.
        return new SyscallResult.Wait(List.of(), 0, PendingCall.Interruption.NONE);
    }

    private static @Nullable Task target(Call call) {
        int tid = call.intArgument(0);
        return tid == 0 ? call.task() : call.services().processes().task(tid);
    }

    private static long harts(Call call) {
        int count = call.services().hartCount();
        return count >= Long.SIZE ? -1 : (1L << count) - 1;
    }

    private static long affinity(Call call) {
        @Nullable Task task = target(call);
        int size = call.intArgument(1);
        if (size < Long.BYTES || size % Long.BYTES != 0) {
            return -EINVAL;
        }
        if (task == null) {
            return -ESRCH;
        }
        call.memory().writeLong(call.argument(2), task.affinity() & harts(call));
        return Long.BYTES;
    }

    private static long setAffinity(Call call) {
        @Nullable Task task = target(call);
        if (task == null) {
            return -ESRCH;
        }
        byte[] bytes = new byte[Long.BYTES];
        int size = Math.clamp(Integer.toUnsignedLong(call.intArgument(1)), 0, Long.BYTES);
        System.arraycopy(call.memory().read(call.argument(2), size), 0, bytes, 0, size);
        long wanted = Long.reverseBytes(ByteBuffer.wrap(bytes).getLong()) & harts(call);
        if (wanted == 0) {
            return -EINVAL;
        }
        task.setAffinity(wanted);
        return 0;
    }

    private static long hart(Call call) {
        if (call.argument(0) != 0) {
            call.memory().writeInt(call.argument(0), call.cpu().hart());
        }
        if (call.argument(1) != 0) {
            call.memory().writeInt(call.argument(1), 0);
        }
        return 0;
    }

    private static long priority(int policy, int realTime) {
        if (policy < 0 || policy >= POLICIES || policy == 4) {
            return -EINVAL;
        }
        return policy == 1 || policy == 2 ? realTime : 0;
    }
}
