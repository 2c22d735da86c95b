package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOSYS;
import static sharewalk.abi.Errno.ESRCH;
import static sharewalk.abi.Errno.ETIMEDOUT;
import static sharewalk.abi.FutexOps.FUTEX_BITSET_MATCH_ANY;
import static sharewalk.abi.FutexOps.FUTEX_CLOCK_REALTIME;
import static sharewalk.abi.FutexOps.FUTEX_CMD_MASK;
import static sharewalk.abi.FutexOps.FUTEX_CMP_REQUEUE;
import static sharewalk.abi.FutexOps.FUTEX_PRIVATE_FLAG;
import static sharewalk.abi.FutexOps.FUTEX_REQUEUE;
import static sharewalk.abi.FutexOps.FUTEX_WAIT;
import static sharewalk.abi.FutexOps.FUTEX_WAIT_BITSET;
import static sharewalk.abi.FutexOps.FUTEX_WAKE;
import static sharewalk.abi.FutexOps.FUTEX_WAKE_BITSET;
import static sharewalk.abi.FutexOps.FUTEX_WAKE_OP;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.process.FutexKey;
import sharewalk.kernel.process.FutexWaiter;
import sharewalk.kernel.process.GuestClock;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.PendingCall.Interruption;
import sharewalk.kernel.process.Task;

/// futex(2), and what threads register for the futexes they leave behind.
final class FutexCalls {
    private static final int ROBUST_HEAD_BYTES = 24;

    private FutexCalls() {}

    static void register(SystemCallTable table) {
        table.partialWaiting(SystemCall.FUTEX, "no priority inheritance", FutexCalls::futex);
        table.absent(SystemCall.FUTEX_WAITV, "");
        table.full(SystemCall.SET_ROBUST_LIST, FutexCalls::setRobustList);
        table.full(SystemCall.GET_ROBUST_LIST, FutexCalls::robustList);
        table.full(SystemCall.SET_TID_ADDRESS, call -> {
            call.task().setClearChildTid(call.argument(0));
            return call.task().tid();
        });
        // Not absent: every start of glibc on x86-64 asks, does without, and deserves no warning.
        table.partial(SystemCall.RSEQ, "answers ENOSYS; the C library does without", _ -> -ENOSYS);
    }

    private static SyscallResult futex(Call call) {
        int operation = call.intArgument(1) & FUTEX_CMD_MASK;
        if ((call.argument(0) & 3) != 0) {
            return SyscallResult.done(-EINVAL);
        }
        return switch (operation) {
            case FUTEX_WAIT -> futexWait(call, FUTEX_BITSET_MATCH_ANY, relative(call));
            case FUTEX_WAIT_BITSET -> futexWait(call, call.intArgument(5), absolute(call));
            case FUTEX_WAKE -> SyscallResult.done(wake(call, FUTEX_BITSET_MATCH_ANY));
            case FUTEX_WAKE_BITSET -> SyscallResult.done(wake(call, call.intArgument(5)));
            case FUTEX_REQUEUE, FUTEX_CMP_REQUEUE -> SyscallResult.done(requeue(call, operation));
            case FUTEX_WAKE_OP -> SyscallResult.done(wakeAndChange(call));
            default -> SyscallResult.done(-ENOSYS);
        };
    }

    /// Returns what a word is known by; reads it, so that its page is there.
    private static FutexKey key(Call call, long virtAddr) {
        var _ = call.memory().readInt(virtAddr);
        boolean isPrivate = (call.intArgument(1) & FUTEX_PRIVATE_FLAG) != 0;
        return call.services().futexes().key(call.memory().space(), virtAddr, isPrivate);
    }

    private static long relative(Call call) {
        long duration = Durations.timespec(call, 3);
        return duration == Durations.INVALID ? Durations.INVALID : Durations.after(call, duration);
    }

    private static long absolute(Call call) {
        long time = Durations.timespec(call, 3);
        if (time == Durations.INVALID || time == Durations.FOREVER) {
            return time;
        }
        boolean isRealTime = (call.intArgument(1) & FUTEX_CLOCK_REALTIME) != 0;
        return isRealTime ? Math.max(0, time - GuestClock.BOOT_SECONDS * Durations.SECOND) : time;
    }

    private static SyscallResult futexWait(Call call, int bits, long deadline) {
        PendingCall pending = call.pending();
        if (pending.progress() instanceof FutexWaiter waiter) {
            if (waiter.isWoken()) {
                return SyscallResult.done(0);
            }
            if (call.hasTimedOut()) {
                waiter.abandon();
                return SyscallResult.done(-ETIMEDOUT);
            }
            return waitUntil(pending.deadline());
        }
        if (bits == 0 || deadline == Durations.INVALID) {
            return SyscallResult.done(-EINVAL);
        }
        FutexKey key = key(call, call.argument(0));
        if (call.memory().readInt(call.argument(0)) != call.intArgument(2)) {
            return SyscallResult.done(-EAGAIN);
        }
        if (deadline <= call.now()) {
            return SyscallResult.done(-ETIMEDOUT);
        }
        pending.setProgress(call.services().futexes().enqueue(key, call.task(), bits));
        return waitUntil(deadline);
    }

    private static SyscallResult waitUntil(long deadline) {
        boolean isForever = deadline == PendingCall.NO_DEADLINE;
        return new SyscallResult.Wait(
                List.of(), deadline, isForever ? Interruption.RESTART : Interruption.ALWAYS_EINTR);
    }

    private static long wake(Call call, int bits) {
        if (bits == 0) {
            return -EINVAL;
        }
        return call.services().futexes().wake(key(call, call.argument(0)), Math.max(1, call.intArgument(2)), bits);
    }

    private static long requeue(Call call, int operation) {
        int wakeCount = call.intArgument(2);
        int moveCount = call.intArgument(3);
        if (wakeCount < 0 || moveCount < 0 || (call.argument(4) & 3) != 0) {
            return -EINVAL;
        }
        FutexKey from = key(call, call.argument(0));
        FutexKey to = key(call, call.argument(4));
        if (operation == FUTEX_CMP_REQUEUE && call.memory().readInt(call.argument(0)) != call.intArgument(5)) {
            return -EAGAIN;
        }
        return call.services().futexes().requeue(from, to, wakeCount, moveCount);
    }

    private static long wakeAndChange(Call call) {
        FutexOperation operation = FutexOperation.decode(call.intArgument(5));
        if (operation == null || (call.argument(4) & 3) != 0) {
            return operation == null ? -ENOSYS : -EINVAL;
        }
        FutexKey first = key(call, call.argument(0));
        FutexKey second = key(call, call.argument(4));
        int old = call.memory().readInt(call.argument(4));
        call.memory().writeInt(call.argument(4), operation.apply(old));
        int woken = call.services().futexes().wake(first, Math.max(1, call.intArgument(2)), FUTEX_BITSET_MATCH_ANY);
        if (operation.compares(old)) {
            woken += call.services().futexes().wake(second, Math.max(1, call.intArgument(3)), FUTEX_BITSET_MATCH_ANY);
        }
        return woken;
    }

    private static long setRobustList(Call call) {
        if (call.argument(1) != ROBUST_HEAD_BYTES) {
            return -EINVAL;
        }
        call.task().setRobustList(call.argument(0));
        return 0;
    }

    private static long robustList(Call call) {
        int tid = call.intArgument(0);
        @Nullable
        Task task = tid == 0 ? call.task() : call.services().processes().task(tid);
        if (task == null) {
            return -ESRCH;
        }
        call.memory().writeLong(call.argument(2), ROBUST_HEAD_BYTES);
        call.memory().writeLong(call.argument(1), task.robustList());
        return 0;
    }
}
