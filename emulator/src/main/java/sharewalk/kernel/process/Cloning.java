package sharewalk.kernel.process;

import static sharewalk.abi.CloneFlags.CLONE_CHILD_CLEARTID;
import static sharewalk.abi.CloneFlags.CLONE_CHILD_SETTID;
import static sharewalk.abi.CloneFlags.CLONE_FILES;
import static sharewalk.abi.CloneFlags.CLONE_FS;
import static sharewalk.abi.CloneFlags.CLONE_PARENT;
import static sharewalk.abi.CloneFlags.CLONE_PARENT_SETTID;
import static sharewalk.abi.CloneFlags.CLONE_SETTLS;
import static sharewalk.abi.CloneFlags.CLONE_SIGHAND;
import static sharewalk.abi.CloneFlags.CLONE_THREAD;
import static sharewalk.abi.CloneFlags.CLONE_VFORK;
import static sharewalk.abi.CloneFlags.CLONE_VM;
import static sharewalk.abi.Errno.EAGAIN;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.CpuContext;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.mm.AddressSpace;

/// The making of threads and processes from the caller (clone(2), fork(2), vfork(2)).
public final class Cloning {
    /// Everything that would make a namespace: mount, cgroup, uts, ipc, user, pid and net.
    private static final long NAMESPACES = 0x7e02_0000L;

    private final ProcessTable processes;
    private final Task.Blocker blocker;

    Cloning(ProcessTable processes, Task.Blocker blocker) {
        this.processes = processes;
        this.blocker = blocker;
    }

    /// The arguments of clone(2), the exit signal taken out of the flags.
    ///
    /// @param stackPointer of the child, or 0 for the caller's
    public record Request(long flags, int exitSignal, long stackPointer, long parentTid, long childTid, long tls) {
        boolean has(int flag) {
            return (flags & Integer.toUnsignedLong(flag)) != 0;
        }

        /// Returns whether the caller waits until the child gives its memory up.
        public boolean isVfork() {
            return has(CLONE_VFORK);
        }
    }

    /// Makes a task that returns 0 from the same call; returns its number or a negative error number.
    ///
    /// Preconditions:
    /// - the caller's registers lie in `cpu`
    public long clone(Task caller, Cpu cpu, Request request) {
        long refusal = check(request);
        if (refusal < 0) {
            return refusal;
        }
        int tid = processes.allocate();
        if (tid == ProcessTable.NO_PID) {
            return -EAGAIN;
        }
        @Nullable
        GuestProcess process =
                request.has(CLONE_THREAD) ? caller.process() : newProcess(caller.process(), tid, request);
        if (process == null) {
            return -ENOMEM;
        }
        Task child = new Task(tid, process, cpu.newContext(), caller.name(), blocker);
        inherit(caller, child, request);
        saveRegisters(cpu, child.context(), request);
        process.add(child);
        processes.add(child);
        if (request.has(CLONE_PARENT_SETTID)) {
            storeTid(caller, request.parentTid(), tid);
        }
        blocker.scheduler().enqueue(child);
        return tid;
    }

    /// Stores a task's number for its creator; as on Linux, an address that cannot be written changes nothing.
    private static void storeTid(Task caller, long virtAddr, int tid) {
        try {
            caller.process().memory().writeInt(virtAddr, tid);
        } catch (BadAddressException e) {
            return;
        }
    }

    /// Creates the first task of a machine's first process, with nothing to run yet.
    ///
    /// Preconditions:
    /// - no process has been made
    GuestProcess first(GuestProcess.Origin origin, GuestProcess.ProcessResources resources, CpuContext context) {
        int pid = processes.allocate();
        GuestProcess process = new GuestProcess(pid, origin, resources);
        Task task = new Task(pid, process, context, "", blocker);
        process.add(task);
        processes.add(process);
        processes.add(task);
        return process;
    }

    private static long check(Request request) {
        boolean threadWithoutSignals = request.has(CLONE_THREAD) && !request.has(CLONE_SIGHAND);
        boolean signalsWithoutMemory = request.has(CLONE_SIGHAND) && !request.has(CLONE_VM);
        boolean namespaces = (request.flags() & NAMESPACES) != 0;
        return threadWithoutSignals || signalsWithoutMemory || namespaces ? -EINVAL : 0;
    }

    /// Returns the process, or null where RAM does not suffice for its memory.
    private @Nullable GuestProcess newProcess(GuestProcess parent, int pid, Request request) {
        TaskMemory memory = parent.memory();
        if (request.has(CLONE_VM)) {
            memory = memory.share();
        } else {
            @Nullable AddressSpace copy = memory.space().fork();
            if (copy == null) {
                return null;
            }
            memory = new TaskMemory(copy);
        }
        SignalActions actions =
                request.has(CLONE_SIGHAND) ? parent.actions() : parent.actions().copy();
        // A sibling reports to the common parent as its creator does.
        int exitSignal = request.has(CLONE_PARENT) ? parent.exitSignal() : request.exitSignal();
        GuestProcess.Origin origin = new GuestProcess.Origin(
                parent.limits().copy(), new ProcessAccounts(parent.accounts().phase()), actions, exitSignal);
        parent.executable().retain();
        GuestProcess.ProcessResources resources = new GuestProcess.ProcessResources(
                memory, files(parent, request), fs(parent, request), parent.executable());
        GuestProcess child = new GuestProcess(pid, origin, resources);
        child.setGroupId(parent.groupId());
        child.setSessionId(parent.sessionId());
        child.setProgram(parent.program());
        child.setParent(request.has(CLONE_PARENT) ? parent.parent() : parent);
        processes.add(child);
        return child;
    }

    private static FileTable files(GuestProcess parent, Request request) {
        if (!request.has(CLONE_FILES)) {
            return parent.files().copy();
        }
        parent.files().retain();
        return parent.files();
    }

    private static FsContext fs(GuestProcess parent, Request request) {
        if (!request.has(CLONE_FS)) {
            return parent.fs().copy();
        }
        parent.fs().retain();
        return parent.fs();
    }

    private static void inherit(Task caller, Task child, Request request) {
        child.signals().setMask(caller.signals().mask());
        // A thread starts without the alternate stack; a vfork child and a copy keep it (sigaltstack(2)).
        if (!request.has(CLONE_VM) || request.has(CLONE_VFORK)) {
            child.signals().setStack(caller.signals().stack());
        }
        child.setAffinity(caller.affinity());
        if (request.has(CLONE_CHILD_CLEARTID)) {
            child.setClearChildTid(request.childTid());
        }
        if (request.has(CLONE_CHILD_SETTID)) {
            child.setStoreTidAt(request.childTid());
        }
    }

    /// Saves the caller's registers for the child, changed only where the child's differ.
    private static void saveRegisters(Cpu cpu, CpuContext context, Request request) {
        int result = cpu.isa().returnRegister();
        int stack = cpu.isa().stackPointerRegister();
        long oldResult = cpu.general(result);
        long oldStack = cpu.general(stack);
        long oldThread = cpu.threadPointer();
        cpu.setGeneral(result, 0);
        if (request.stackPointer() != 0) {
            cpu.setGeneral(stack, request.stackPointer());
        }
        if (request.has(CLONE_SETTLS)) {
            cpu.setThreadPointer(request.tls());
        }
        cpu.save(context);
        cpu.setThreadPointer(oldThread);
        cpu.setGeneral(stack, oldStack);
        cpu.setGeneral(result, oldResult);
    }
}
