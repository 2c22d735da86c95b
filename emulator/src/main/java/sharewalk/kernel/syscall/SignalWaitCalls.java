package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Errno.ESRCH;
import static sharewalk.abi.Signals.SI_TKILL;
import static sharewalk.abi.Signals.SI_USER;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SigactionLayout;
import sharewalk.abi.SiginfoLayout;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.process.GuestProcess;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.ProcessTable;
import sharewalk.kernel.process.SignalDetail;
import sharewalk.kernel.process.SignalSet;
import sharewalk.kernel.process.Signaling;
import sharewalk.kernel.process.Task;
import sharewalk.kernel.process.TaskSignals;

/// Sending signals and waiting for them: kill(2), tgkill(2), sigqueue(3), sigsuspend(2), sigtimedwait(2), pause(2).
final class SignalWaitCalls {
    private SignalWaitCalls() {}

    static void register(SystemCallTable table) {
        table.full(SystemCall.KILL, SignalWaitCalls::kill);
        table.full(SystemCall.TKILL, call -> killTask(call, 0, call.intArgument(0), call.intArgument(1)));
        table.full(
                SystemCall.TGKILL,
                call -> call.intArgument(0) <= 0
                        ? -EINVAL
                        : killTask(call, call.intArgument(0), call.intArgument(1), call.intArgument(2)));
        table.full(SystemCall.RT_SIGQUEUEINFO, SignalWaitCalls::queue);
        table.full(SystemCall.RT_TGSIGQUEUEINFO, SignalWaitCalls::queueToTask);
        table.fullWaiting(SystemCall.PAUSE, _ -> waitForSignal());
        table.fullWaiting(SystemCall.RT_SIGSUSPEND, SignalWaitCalls::suspend);
        table.fullWaiting(SystemCall.RT_SIGTIMEDWAIT, SignalWaitCalls::timedWait);
        table.absent(SystemCall.SIGNALFD4, "");
    }

    private static long kill(Call call) {
        int pid = call.intArgument(0);
        int signal = call.intArgument(1);
        if (signal != 0 && !SignalSet.isSignal(signal)) {
            return -EINVAL;
        }
        if (pid == ProcessTable.INIT_PID) {
            // init takes no signal it has no handler for (kill(2), notes).
            return 0;
        }
        List<GuestProcess> targets = targets(call, pid);
        for (GuestProcess target : targets) {
            if (signal != 0) {
                Signaling signaling = call.services().signaling();
                signaling.send(
                        target, SignalDetail.Sent.byKill(signal, call.process().pid()));
            }
        }
        return targets.isEmpty() ? -ESRCH : 0;
    }

    private static List<GuestProcess> targets(Call call, int pid) {
        GuestProcess caller = call.process();
        Predicate<GuestProcess> wanted;
        if (pid > 0) {
            wanted = process -> process.pid() == pid;
        } else if (pid == -1) {
            wanted = process -> process != caller;
        } else {
            int group = pid == 0 ? caller.groupId() : -pid;
            wanted = process -> process.groupId() == group;
        }
        List<GuestProcess> targets = new ArrayList<>();
        for (GuestProcess process : call.services().processes().processes()) {
            if (wanted.test(process)) {
                targets.add(process);
            }
        }
        return targets;
    }

    private static long killTask(Call call, int pid, int tid, int signal) {
        if (tid <= 0 || signal != 0 && !SignalSet.isSignal(signal)) {
            return -EINVAL;
        }
        @Nullable Task target = task(call, pid, tid);
        if (target == null) {
            return -ESRCH;
        }
        if (signal != 0) {
            SignalDetail detail =
                    new SignalDetail.Sent(signal, SI_TKILL, call.process().pid(), 0, 0);
            call.services().signaling().send(target, detail);
        }
        return 0;
    }

    private static @Nullable Task task(Call call, int pid, int tid) {
        @Nullable Task task = call.services().processes().task(tid);
        return task == null || pid != 0 && task.process().pid() != pid ? null : task;
    }

    private static long queue(Call call) {
        @Nullable GuestProcess target = call.services().processes().process(call.intArgument(0));
        int signal = call.intArgument(1);
        SignalDetail.Raw detail = raw(call, signal, call.argument(2));
        if (signal != 0 && !SignalSet.isSignal(signal)) {
            return -EINVAL;
        }
        if (target == null) {
            return -ESRCH;
        }
        if (isForged(detail) && target != call.process()) {
            return -EPERM;
        }
        if (signal != 0) {
            call.services().signaling().send(target, detail);
        }
        return 0;
    }

    private static long queueToTask(Call call) {
        int signal = call.intArgument(2);
        SignalDetail.Raw detail = raw(call, signal, call.argument(3));
        if (call.intArgument(0) <= 0 || call.intArgument(1) <= 0 || signal != 0 && !SignalSet.isSignal(signal)) {
            return -EINVAL;
        }
        @Nullable Task target = task(call, call.intArgument(0), call.intArgument(1));
        if (target == null) {
            return -ESRCH;
        }
        if (isForged(detail) && target.process() != call.process()) {
            return -EPERM;
        }
        if (signal != 0) {
            call.services().signaling().send(target, detail);
        }
        return 0;
    }

    private static SignalDetail.Raw raw(Call call, int signal, long virtAddr) {
        byte[] siginfo = call.memory().read(virtAddr, SiginfoLayout.SIZE);
        int code = call.memory().readInt(virtAddr + SiginfoLayout.CODE);
        return new SignalDetail.Raw(signal, code, siginfo);
    }

    /// Returns whether a siginfo pretends to come from kill(2) or the kernel.
    private static boolean isForged(SignalDetail.Raw detail) {
        return detail.code() >= SI_USER || detail.code() == SI_TKILL;
    }

    private static SyscallResult waitForSignal() {
        return new SyscallResult.Wait(List.of(), PendingCall.NO_DEADLINE, PendingCall.Interruption.ALWAYS_EINTR);
    }

    private static SyscallResult suspend(Call call) {
        if (call.argument(1) != SigactionLayout.SIGSET_BYTES) {
            return SyscallResult.done(-EINVAL);
        }
        SignalCalls.setTemporaryMask(call, call.argument(0), call.argument(1));
        return waitForSignal();
    }

    private static SyscallResult timedWait(Call call) {
        if (call.argument(3) != SigactionLayout.SIGSET_BYTES) {
            return SyscallResult.done(-EINVAL);
        }
        long wanted = call.memory().readLong(call.argument(0)) & ~SignalSet.UNBLOCKABLE;
        long duration = Durations.timespec(call, 2);
        if (duration == Durations.INVALID) {
            return SyscallResult.done(-EINVAL);
        }
        TaskSignals signals = call.task().signals();
        @Nullable SignalDetail detail = signals.pending().take(wanted);
        if (detail == null) {
            detail = call.process().sharedPending().take(wanted);
        }
        if (detail != null) {
            signals.restoreMask();
            if (call.argument(1) != 0) {
                call.memory().write(call.argument(1), detail.encode());
            }
            return SyscallResult.done(detail.signal());
        }
        long deadline = Durations.after(call, duration);
        if (call.hasTimedOut() || duration == 0) {
            signals.restoreMask();
            return SyscallResult.done(-EAGAIN);
        }
        // While waiting the wanted signals wake the task, though it blocks them.
        signals.setWaitedFor(wanted);
        return new SyscallResult.Wait(List.of(), deadline, PendingCall.Interruption.ALWAYS_EINTR);
    }
}
