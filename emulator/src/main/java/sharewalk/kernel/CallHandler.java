package sharewalk.kernel;

import sharewalk.abi.SystemCall;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;
import sharewalk.kernel.process.KernelServices;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.PendingCall.Interruption;
import sharewalk.kernel.process.Task;
import sharewalk.kernel.process.TaskState;
import sharewalk.kernel.syscall.Call;
import sharewalk.kernel.syscall.SyscallResult;
import sharewalk.kernel.syscall.SystemCallTable;

/// The life of a system call: begun at the instruction, tried, put to sleep, tried again, answered.
final class CallHandler {
    private static final int ARGUMENTS = 6;
    /// The number of SystemCall.MARK on every instruction set.
    private static final int MARK = SystemCall.MARK.x86Number();
    private static final int RCX = 1;
    private static final int R11 = 11;

    private final KernelServices services;
    private final SystemCallTable table;
    private final StopHandler stops;

    CallHandler(KernelServices services, SystemCallTable table, StopHandler stops) {
        this.services = services;
        this.table = table;
        this.stops = stops;
    }

    /// Returns whether the call just made begins a phase: measuring is no part of what is measured.
    static boolean isMark(Cpu cpu) {
        return (int) cpu.general(cpu.isa().syscallNumberRegister()) == MARK;
    }

    /// Begins the call that a task has just made, and tries it.
    void begin(Task task, Cpu cpu) {
        GuestIsa isa = cpu.isa();
        long[] arguments = new long[ARGUMENTS];
        for (int i = 0; i < ARGUMENTS; i++) {
            arguments[i] = cpu.general(isa.argumentRegister(i));
        }
        int number = (int) cpu.general(isa.syscallNumberRegister());
        switch (isa) {
            case RiscV64 _ -> {}
            case X86_64 _ -> {
                // What the instruction leaves in them (Intel SDM 2B, SYSCALL).
                cpu.setGeneral(RCX, cpu.pc());
                cpu.setGeneral(R11, cpu.flags());
            }
        }
        task.setCall(new PendingCall(number, arguments));
        attempt(task, cpu);
    }

    /// Tries the call a task is in. Afterwards the task runs on, waits, or is dead.
    ///
    /// Preconditions:
    /// - the task runs on `cpu` and is in a call
    void attempt(Task task, Cpu cpu) {
        PendingCall pending = task.call();
        if (pending == null) {
            throw new IllegalStateException("task " + task.tid() + " is in no call");
        }
        SyscallResult result = table.dispatch(new Call(services, task, cpu, pending));
        if (task.state() == TaskState.DEAD) {
            return;
        }
        if (task.process().memory().space().ranOutOfMemory()) {
            stops.killForMemory(task);
            return;
        }
        switch (result) {
            case SyscallResult.Done(long value) -> {
                task.setCall(null);
                task.signals().restoreMask();
                cpu.setGeneral(cpu.isa().returnRegister(), value);
            }
            case SyscallResult.NoReturn() -> task.setCall(null);
            case SyscallResult.Wait wait -> sleep(task, pending, wait);
        }
    }

    private static void sleep(Task task, PendingCall pending, SyscallResult.Wait wait) {
        pending.waits(wait.deadline(), wait.interruption());
        if (task.state() != TaskState.RUNNING) {
            // Stopped by its own call: it tries again when it continues.
            return;
        }
        task.usage().addVoluntarySwitch();
        task.block(wait.queues(), wait.deadline());
        if (wait.interruption() != Interruption.NONE && task.hasDeliverableSignal()) {
            task.wake();
        }
    }
}
