package sharewalk.kernel.syscall;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Errno.ESRCH;
import static sharewalk.abi.ResourceLimits.RLIMIT_NOFILE;
import static sharewalk.abi.ResourceLimits.RUSAGE_CHILDREN;
import static sharewalk.abi.ResourceLimits.RUSAGE_SELF;
import static sharewalk.abi.ResourceLimits.RUSAGE_THREAD;

import org.jspecify.annotations.Nullable;
import sharewalk.abi.SystemCall;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.process.GuestProcess;
import sharewalk.kernel.process.ProcessLimits;
import sharewalk.kernel.process.Usage;

/// Limits and usage: prlimit(2), getrlimit(2), getrusage(2).
final class LimitCalls {
    private LimitCalls() {}

    static void register(SystemCallTable table) {
        String note = "kept for all resources; RLIMIT_NOFILE counts";
        table.partial(SystemCall.PRLIMIT64, note, LimitCalls::limit);
        table.full(SystemCall.GETRLIMIT, LimitCalls::get);
        table.partial(
                SystemCall.SETRLIMIT, note, call -> set(call, call.process(), call.intArgument(0), call.argument(1)));
        table.partial(SystemCall.GETRUSAGE, "faults of a thread are those of its process", LimitCalls::usage);
    }

    private static long limit(Call call) {
        int pid = call.intArgument(0);
        @Nullable
        GuestProcess process =
                pid == 0 ? call.process() : call.services().processes().process(pid);
        int resource = call.intArgument(1);
        if (process == null || !ProcessLimits.isResource(resource)) {
            return process == null ? -ESRCH : -EINVAL;
        }
        long oldSoft = process.limits().soft(resource);
        long oldHard = process.limits().hard(resource);
        long error = call.argument(2) == 0 ? 0 : set(call, process, resource, call.argument(2));
        if (error == 0 && call.argument(3) != 0) {
            write(call, call.argument(3), oldSoft, oldHard);
        }
        return error;
    }

    private static long get(Call call) {
        int resource = call.intArgument(0);
        if (!ProcessLimits.isResource(resource)) {
            return -EINVAL;
        }
        ProcessLimits limits = call.process().limits();
        write(call, call.argument(1), limits.soft(resource), limits.hard(resource));
        return 0;
    }

    private static void write(Call call, long virtAddr, long soft, long hard) {
        call.memory().writeLong(virtAddr, soft);
        call.memory().writeLong(virtAddr + Long.BYTES, hard);
    }

    private static long set(Call call, GuestProcess process, int resource, long virtAddr) {
        long soft = call.memory().readLong(virtAddr);
        long hard = call.memory().readLong(virtAddr + Long.BYTES);
        if (!ProcessLimits.isResource(resource) || Long.compareUnsigned(soft, hard) > 0) {
            return -EINVAL;
        }
        if (resource == RLIMIT_NOFILE) {
            if (Long.compareUnsigned(hard, FileTable.HARD_LIMIT) > 0) {
                return -EPERM;
            }
            process.files().limitTo((int) soft);
        }
        process.limits().set(resource, soft, hard);
        return 0;
    }

    private static long usage(Call call) {
        int who = call.intArgument(0);
        byte[] usage;
        switch (who) {
            case RUSAGE_SELF -> usage = UsageEncoding.encode(call.process().usage());
            case RUSAGE_CHILDREN -> usage = UsageEncoding.encode(call.process().reapedChildren());
            case RUSAGE_THREAD -> {
                Usage thread = new Usage();
                thread.add(call.task().usage());
                thread.addMinorFaults(call.process().usage().minorFaults());
                thread.addMajorFaults(call.process().usage().majorFaults());
                usage = UsageEncoding.encode(thread);
            }
            default -> {
                return -EINVAL;
            }
        }
        call.memory().write(call.argument(1), usage);
        return 0;
    }
}
