package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.ECHILD;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.WaitOptions.P_ALL;
import static sharewalk.abi.WaitOptions.P_PGID;
import static sharewalk.abi.WaitOptions.P_PID;
import static sharewalk.abi.WaitOptions.WALL;
import static sharewalk.abi.WaitOptions.WCLONE;
import static sharewalk.abi.WaitOptions.WCONTINUED;
import static sharewalk.abi.WaitOptions.WEXITED;
import static sharewalk.abi.WaitOptions.WNOHANG;
import static sharewalk.abi.WaitOptions.WNOTHREAD;
import static sharewalk.abi.WaitOptions.WNOWAIT;
import static sharewalk.abi.WaitOptions.WUNTRACED;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.SiginfoLayout;
import sharewalk.abi.Signals;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.process.ExitStatus;
import sharewalk.kernel.process.GuestProcess;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.SignalDetail;
import sharewalk.kernel.process.Waiting.Wanted;

/// Asking for children: wait4(2) and waitid(2). Only ends are told, no stops.
final class WaitCalls {
    private static final int WAIT4_OPTIONS = WNOHANG | WUNTRACED | WCONTINUED | WNOTHREAD | WCLONE | WALL;
    private static final int WAITID_OPTIONS =
            WNOHANG | WUNTRACED | WCONTINUED | WEXITED | WNOWAIT | WNOTHREAD | WCLONE | WALL;

    private WaitCalls() {}

    static void register(SystemCallTable table) {
        table.partialWaiting(SystemCall.WAIT4, "stops and continuations are not told", WaitCalls::wait4);
        table.partialWaiting(SystemCall.WAITID, "stops are not told, no pidfd", WaitCalls::waitId);
    }

    private static SyscallResult wait4(Call call) {
        int options = call.intArgument(2);
        if ((options & ~WAIT4_OPTIONS) != 0) {
            return SyscallResult.done(-EINVAL);
        }
        Wanted wanted = wanted(which(call, call.intArgument(0)), options);
        @Nullable GuestProcess child = call.services().waiting().ended(call.process(), wanted);
        if (child == null) {
            return none(call, wanted, options);
        }
        ExitStatus status = statusOf(child);
        if (call.argument(1) != 0) {
            call.memory().writeInt(call.argument(1), status.waitStatus());
        }
        if (call.argument(3) != 0) {
            call.memory().write(call.argument(3), UsageEncoding.encode(child.usage(), child.reapedChildren()));
        }
        call.services().waiting().reap(call.process(), child);
        return SyscallResult.done(child.pid());
    }

    private static SyscallResult waitId(Call call) {
        int options = call.intArgument(3);
        int kind = call.intArgument(0);
        boolean asksForSomething = (options & (WEXITED | WUNTRACED | WCONTINUED)) != 0;
        if ((options & ~WAITID_OPTIONS) != 0 || !asksForSomething || kind < P_ALL || kind > P_PGID) {
            return SyscallResult.done(-EINVAL);
        }
        int id = call.intArgument(1);
        if (id <= 0 && kind == P_PID || id < 0 && kind == P_PGID) {
            return SyscallResult.done(-EINVAL);
        }
        int selector = kind == P_ALL ? -1 : kind == P_PID ? id : id == 0 ? 0 : -id;
        Predicate<GuestProcess> which = (options & WEXITED) == 0 ? _ -> false : which(call, selector);
        Wanted wanted = wanted(which, options);
        @Nullable GuestProcess child = call.services().waiting().ended(call.process(), wanted);
        if (child == null) {
            SyscallResult nothing = none(call, wanted(which(call, selector), options), options);
            if (nothing instanceof SyscallResult.Done(long value) && value == 0 && call.argument(2) != 0) {
                call.memory().write(call.argument(2), new byte[SiginfoLayout.SIZE]);
            }
            return nothing;
        }
        ExitStatus status = statusOf(child);
        if (call.argument(2) != 0) {
            SignalDetail news =
                    new SignalDetail.Child(Signals.SIGCHLD, status.childCode(), child.pid(), status.childStatus(), 0);
            call.memory().write(call.argument(2), news.encode());
        }
        if (call.argument(4) != 0) {
            call.memory().write(call.argument(4), UsageEncoding.encode(child.usage(), child.reapedChildren()));
        }
        if ((options & WNOWAIT) == 0) {
            call.services().waiting().reap(call.process(), child);
        }
        return SyscallResult.done(0);
    }

    private static ExitStatus statusOf(GuestProcess child) {
        ExitStatus status = child.exitStatus();
        if (status == null) {
            throw new IllegalStateException("process " + child.pid() + " ended without a status");
        }
        return status;
    }

    /// Returns the children a selector of waitpid(2) means.
    private static Predicate<GuestProcess> which(Call call, int selector) {
        int ownGroup = call.process().groupId();
        if (selector == -1) {
            return _ -> true;
        }
        if (selector > 0) {
            return child -> child.pid() == selector;
        }
        int group = selector == 0 ? ownGroup : -selector;
        return child -> child.groupId() == group;
    }

    private static Wanted wanted(Predicate<GuestProcess> which, int options) {
        return new Wanted(which, (options & WCLONE) != 0, (options & WALL) != 0);
    }

    private static SyscallResult none(Call call, Wanted wanted, int options) {
        if (!call.services().waiting().hasAny(call.process(), wanted)) {
            return SyscallResult.done(-ECHILD);
        }
        return (options & WNOHANG) != 0
                ? SyscallResult.done(0)
                : new SyscallResult.Wait(
                        List.of(call.process().childChanged()),
                        PendingCall.NO_DEADLINE,
                        PendingCall.Interruption.RESTART);
    }
}
