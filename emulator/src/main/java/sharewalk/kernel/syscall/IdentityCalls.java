package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Errno.ESRCH;

import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.Credentials;
import sharewalk.kernel.process.GuestProcess;

/// Who a process is: numbers, groups, sessions, users.
final class IdentityCalls {
    private static final int UNCHANGED = -1;

    private IdentityCalls() {}

    static void register(SystemCallTable table) {
        table.full(SystemCall.GETPID, call -> call.process().pid());
        table.full(SystemCall.GETTID, call -> call.task().tid());
        table.full(SystemCall.GETPPID, call -> call.process().parentPid());
        table.full(SystemCall.GETPGRP, call -> call.process().groupId());
        table.full(SystemCall.GETPGID, call -> ofProcess(call, GuestProcess::groupId));
        table.full(SystemCall.GETSID, call -> ofProcess(call, GuestProcess::sessionId));
        table.partial(SystemCall.SETPGID, "any group within the session", IdentityCalls::setGroup);
        table.full(SystemCall.SETSID, IdentityCalls::setSession);
        registerUsers(table);
    }

    private static void registerUsers(SystemCallTable table) {
        table.full(SystemCall.GETUID, call -> call.fs().credentials().uid());
        table.full(SystemCall.GETEUID, call -> call.fs().credentials().uid());
        table.full(SystemCall.GETGID, call -> call.fs().credentials().gid());
        table.full(SystemCall.GETEGID, call -> call.fs().credentials().gid());
        table.full(
                SystemCall.GETRESUID,
                call -> writeThree(call, call.fs().credentials().uid()));
        table.full(
                SystemCall.GETRESGID,
                call -> writeThree(call, call.fs().credentials().gid()));
        String note = "one user id, no saved ones";
        table.partial(SystemCall.SETUID, note, call -> setUser(call, call.intArgument(0)));
        table.partial(SystemCall.SETGID, note, call -> setGroupId(call, call.intArgument(0)));
        table.partial(SystemCall.SETREUID, note, call -> setUser(call, call.intArgument(1)));
        table.partial(SystemCall.SETREGID, note, call -> setGroupId(call, call.intArgument(1)));
        table.partial(SystemCall.SETRESUID, note, call -> setUser(call, call.intArgument(1)));
        table.partial(SystemCall.SETRESGID, note, call -> setGroupId(call, call.intArgument(1)));
        table.partial(SystemCall.GETGROUPS, "none", _ -> 0);
        table.ignored(SystemCall.SETGROUPS, "no supplementary groups");
        table.partial(SystemCall.PERSONALITY, "the default one", _ -> 0);
        table.absent(SystemCall.CAPGET, "");
        table.absent(SystemCall.CAPSET, "");
    }

    /// A number that a process has.
    private interface NumberOf {
        int of(GuestProcess process);
    }

    private static @Nullable GuestProcess target(Call call) {
        int pid = call.intArgument(0);
        return pid == 0 ? call.process() : call.services().processes().process(pid);
    }

    private static long ofProcess(Call call, NumberOf number) {
        @Nullable GuestProcess process = target(call);
        return process == null ? -ESRCH : number.of(process);
    }

    private static long setGroup(Call call) {
        @Nullable GuestProcess process = target(call);
        int group = call.intArgument(1);
        if (group < 0) {
            return -EINVAL;
        }
        if (process == null || process != call.process() && process.parent() != call.process()) {
            return -ESRCH;
        }
        if (process.sessionId() != call.process().sessionId() || process.sessionId() == process.pid()) {
            return -EPERM;
        }
        process.setGroupId(group == 0 ? process.pid() : group);
        return 0;
    }

    private static long setSession(Call call) {
        GuestProcess process = call.process();
        boolean leads =
                call.services().processes().processes().stream().anyMatch(other -> other.groupId() == process.pid());
        if (leads) {
            return -EPERM;
        }
        process.setSessionId(process.pid());
        process.setGroupId(process.pid());
        return process.pid();
    }

    private static long writeThree(Call call, int id) {
        for (int i = 0; i < 3; i++) {
            call.memory().writeInt(call.argument(i), id);
        }
        return 0;
    }

    private static long setUser(Call call, int uid) {
        Credentials now = call.fs().credentials();
        if (uid == UNCHANGED || uid == now.uid()) {
            return 0;
        }
        if (now.uid() != 0) {
            return -EPERM;
        }
        call.fs().become(new Credentials(uid, now.gid()));
        return 0;
    }

    private static long setGroupId(Call call, int gid) {
        Credentials now = call.fs().credentials();
        if (gid == UNCHANGED || gid == now.gid()) {
            return 0;
        }
        if (now.uid() != 0) {
            return -EPERM;
        }
        call.fs().become(new Credentials(now.uid(), gid));
        return 0;
    }
}
