package sharewalk.kernel.syscall;

import static sharewalk.abi.CloneFlags.CLONE_VFORK;
import static sharewalk.abi.CloneFlags.CLONE_VM;
import static sharewalk.abi.CloneFlags.CSIGNAL;
import static sharewalk.abi.Errno.E2BIG;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOEXEC;
import static sharewalk.abi.Signals.SIGCHLD;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.Errno;
import sharewalk.abi.SystemCall;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;
import sharewalk.elf.ElfException;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.PathName;
import sharewalk.kernel.process.Cloning;
import sharewalk.kernel.process.ExitStatus;
import sharewalk.kernel.process.GuestProcess;
import sharewalk.kernel.process.InitialStack;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.ProgramFile;
import sharewalk.kernel.process.ProgramLoader;

/// The making, replacing and ending of processes and threads: clone(2), fork(2), execve(2), exit(2).
final class ProcessCalls {
    private static final int CLONE_ARGS_MIN = 64;
    private static final int CLONE_ARGS_MAX = 4096;
    private static final int TEXT_LIMIT = 128 << 10;

    private ProcessCalls() {}

    static void register(SystemCallTable table) {
        table.fullWaiting(SystemCall.FORK, call -> clone(call, new Cloning.Request(0, SIGCHLD, 0, 0, 0, 0)));
        table.fullWaiting(
                SystemCall.VFORK,
                call -> clone(call, new Cloning.Request(CLONE_VM | CLONE_VFORK, SIGCHLD, 0, 0, 0, 0)));
        table.partialWaiting(SystemCall.CLONE, "no namespaces", call -> clone(call, request(call)));
        table.partialWaiting(SystemCall.CLONE3, "no namespaces, pidfd, set_tid or cgroup", ProcessCalls::clone3);
        table.partialWaiting(
                SystemCall.EXECVE,
                "ELF only, no scripts",
                call -> execute(call, call.path(0), call.argument(1), call.argument(2)));
        table.partialWaiting(
                SystemCall.EXECVEAT,
                "ELF only, no flags",
                call -> call.intArgument(4) != 0
                        ? SyscallResult.done(-EINVAL)
                        : execute(call, call.pathAt(0, 1), call.argument(2), call.argument(3)));
        table.fullWaiting(SystemCall.EXIT, ProcessCalls::exit);
        table.fullWaiting(SystemCall.EXIT_GROUP, ProcessCalls::exitGroup);
        table.full(SystemCall.MARK, ProcessCalls::mark);
    }

    /// The vfork parent's wait for its child.
    private record AwaitedChild(GuestProcess child, long pid) implements PendingCall.Progress {}

    private static Cloning.Request request(Call call) {
        int flags = call.intArgument(0);
        boolean tlsFirst = switch (call.services().isa()) {
            case RiscV64 _ -> true;
            case X86_64 _ -> false;
        };
        return new Cloning.Request(
                Integer.toUnsignedLong(flags & ~CSIGNAL),
                flags & CSIGNAL,
                call.argument(1),
                call.argument(2),
                call.argument(tlsFirst ? 4 : 3),
                call.argument(tlsFirst ? 3 : 4));
    }

    private static SyscallResult clone3(Call call) {
        long size = call.argument(1);
        if (size < CLONE_ARGS_MIN) {
            return SyscallResult.done(-EINVAL);
        }
        if (size > CLONE_ARGS_MAX) {
            return SyscallResult.done(-E2BIG);
        }
        long[] fields = new long[(int) size / Long.BYTES];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = call.memory().readLong(call.argument(0) + (long) i * Long.BYTES);
        }
        long flags = fields[0];
        boolean asksForMore = false;
        for (int i = CLONE_ARGS_MIN / Long.BYTES; i < fields.length; i++) {
            asksForMore |= fields[i] != 0;
        }
        boolean oddStack = (fields[5] == 0) != (fields[6] == 0);
        if ((flags & (CSIGNAL | ~0xffff_ffffL)) != 0 || (fields[4] & ~CSIGNAL) != 0 || oddStack || asksForMore) {
            return SyscallResult.done(-EINVAL);
        }
        long stack = fields[5] == 0 ? 0 : fields[5] + fields[6];
        return clone(call, new Cloning.Request(flags, (int) fields[4], stack, fields[3], fields[2], fields[7]));
    }

    private static SyscallResult clone(Call call, Cloning.Request request) {
        if (call.pending().progress() instanceof AwaitedChild(GuestProcess child, long pid)) {
            return vforkResult(child, pid);
        }
        long result = call.services().cloning().clone(call.task(), call.cpu(), request);
        @Nullable
        GuestProcess child =
                Errno.isError(result) ? null : call.services().processes().process((int) result);
        if (!request.isVfork() || child == null) {
            return SyscallResult.done(result);
        }
        call.pending().setProgress(new AwaitedChild(child, result));
        return vforkResult(child, result);
    }

    private static SyscallResult vforkResult(GuestProcess child, long pid) {
        return child.hasReleasedMemory()
                ? SyscallResult.done(pid)
                : new SyscallResult.Wait(
                        List.of(child.memoryReleased()), PendingCall.NO_DEADLINE, PendingCall.Interruption.NONE);
    }

    private static SyscallResult execute(Call call, Outcome<PathName> path, long arguments, long environment) {
        if (path.isError()) {
            return SyscallResult.done(path.error());
        }
        Outcome<ProgramFile> file;
        try {
            file = call.services().programs().find(path.value());
        } catch (ElfException e) {
            return SyscallResult.done(-ENOEXEC);
        }
        if (file.isError()) {
            return SyscallResult.done(file.error());
        }
        boolean isLoaded = false;
        try {
            Outcome<List<String>> argv = texts(call, arguments);
            Outcome<List<String>> envp = texts(call, environment);
            if (argv.isError() || envp.isError()) {
                return SyscallResult.done(argv.isError() ? argv.error() : envp.error());
            }
            ProgramLoader.Start start = new ProgramLoader.Start(file.value(), argv.value(), envp.value());
            long error = call.services().executing().execute(call.task(), call.cpu(), start);
            isLoaded = error == 0;
            return isLoaded ? SyscallResult.NO_RETURN : SyscallResult.done(error);
        } finally {
            if (!isLoaded) {
                file.value().executable().release();
            }
        }
    }

    /// Returns the strings of a null-terminated array of pointers; a null array is empty, as Linux takes it.
    private static Outcome<List<String>> texts(Call call, long array) {
        List<String> texts = new ArrayList<>();
        long total = 0;
        if (array == 0) {
            return Outcome.of(texts);
        }
        for (long at = array; ; at += Long.BYTES) {
            long pointer = call.memory().readLong(at);
            if (pointer == 0) {
                return Outcome.of(texts);
            }
            @Nullable String text = call.memory().readString(pointer, TEXT_LIMIT);
            total += text == null ? TEXT_LIMIT : text.length() + Long.BYTES;
            if (text == null || total > InitialStack.ARGUMENT_LIMIT) {
                return Outcome.error(-E2BIG);
            }
            texts.add(text);
        }
    }

    private static SyscallResult exit(Call call) {
        call.services().exiting().exit(call.task(), call.intArgument(0));
        return SyscallResult.NO_RETURN;
    }

    private static SyscallResult exitGroup(Call call) {
        call.services().exiting().exitGroup(call.process(), new ExitStatus.Exited(call.intArgument(0)));
        return SyscallResult.NO_RETURN;
    }

    private static long mark(Call call) {
        @Nullable String name = call.memory().readString(call.argument(0), 256);
        if (name == null || name.isEmpty()) {
            return -EINVAL;
        }
        call.services().machinePeaks().settle();
        call.process().beginPhase(name);
        return 0;
    }
}
