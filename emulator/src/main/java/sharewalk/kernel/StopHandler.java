package sharewalk.kernel;

import static sharewalk.abi.Signals.BUS_ADRALN;
import static sharewalk.abi.Signals.BUS_ADRERR;
import static sharewalk.abi.Signals.FPE_FLTINV;
import static sharewalk.abi.Signals.FPE_INTDIV;
import static sharewalk.abi.Signals.ILL_ILLOPC;
import static sharewalk.abi.Signals.ILL_ILLOPN;
import static sharewalk.abi.Signals.SIGBUS;
import static sharewalk.abi.Signals.SIGFPE;
import static sharewalk.abi.Signals.SIGILL;
import static sharewalk.abi.Signals.SIGKILL;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.abi.Signals.SIGTRAP;
import static sharewalk.abi.Signals.SI_KERNEL;
import static sharewalk.abi.Signals.TRAP_BRKPT;

import java.util.List;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.StopReason;
import sharewalk.cpu.X86_64;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FaultOutcome;
import sharewalk.kernel.process.ExitStatus;
import sharewalk.kernel.process.KernelServices;
import sharewalk.kernel.process.PendingCall;
import sharewalk.kernel.process.SignalDetail;
import sharewalk.kernel.process.Task;
import sharewalk.kernel.process.Trap;
import sharewalk.kernel.wait.WaitQueue;
import sharewalk.mmu.walk.WalkFault;

/// What Linux does about exceptions: page faults are resolved, everything else becomes the signal it is on each
/// instruction set.
final class StopHandler {
    private final KernelServices services;
    private final boolean isX86;

    StopHandler(KernelServices services) {
        this.services = services;
        isX86 = switch (services.isa()) {
            case RiscV64 _ -> false;
            case X86_64 _ -> true;
        };
    }

    /// Answers an exception of the task that runs on a hart.
    ///
    /// Preconditions:
    /// - the stop is neither a limit, nor a system call, nor a failure of the engine
    void handle(Task task, Cpu cpu, StopReason stop) {
        if (stop instanceof StopReason.PageFault fault) {
            pageFault(task, cpu, fault);
        } else {
            raise(task, stop, signalOf(stop, cpu.pc()));
        }
    }

    private void pageFault(Task task, Cpu cpu, StopReason.PageFault fault) {
        cpu.dropAfterFault(fault.virtAddr());
        if (fault.cause() == WalkFault.NON_CANONICAL && isX86) {
            raise(task, fault, new SignalDetail.Fault(SIGSEGV, SI_KERNEL, 0));
            return;
        }
        if (isMachineTrouble(fault.cause())) {
            raise(task, fault, new SignalDetail.Fault(SIGBUS, BUS_ADRERR, fault.virtAddr()));
            return;
        }
        AddressSpace space = task.process().memory().space();
        switch (space.fault(fault.virtAddr(), fault.access())) {
            case FaultOutcome.Resolved _, FaultOutcome.Linked _ -> {}
            case FaultOutcome.Waits(WaitQueue queue) -> sleep(task, queue);
            case FaultOutcome.OutOfMemory _ -> killForMemory(task);
            case FaultOutcome.Signal(int signal, int code, long virtAddr) ->
                raise(task, fault, new SignalDetail.Fault(signal, code, virtAddr));
        }
    }

    /// Has a task wait in the middle of its program: when it is woken, by a signal too, the instruction is repeated.
    private static void sleep(Task task, WaitQueue queue) {
        task.usage().addVoluntarySwitch();
        task.block(List.of(queue), PendingCall.NO_DEADLINE);
        if (task.hasDeliverableSignal()) {
            task.wake();
        }
    }

    /// Kills a process because RAM is used up, as the out-of-memory killer does with the one that asked last.
    void killForMemory(Task task) {
        services.warn("Guest memory is used up: process %d (%s) was killed."
                .formatted(task.process().pid(), task.process().program().shortName()));
        services.exiting().exitGroup(task.process(), new ExitStatus.Killed(SIGKILL));
    }

    private static boolean isMachineTrouble(WalkFault cause) {
        return switch (cause) {
            case RESERVED_BIT, MISALIGNED_SUPERPAGE, BAD_PHYSICAL -> true;
            case NONE, NOT_PRESENT, PROTECTION, NON_CANONICAL -> false;
        };
    }

    private void raise(Task task, StopReason stop, SignalDetail detail) {
        task.signals().setTrap(Trap.of(stop, task.signals().trap()));
        services.signaling().force(task, detail);
    }

    private SignalDetail signalOf(StopReason stop, long pc) {
        return switch (stop) {
            case StopReason.IllegalInstruction() -> new SignalDetail.Fault(SIGILL, isX86 ? ILL_ILLOPN : ILL_ILLOPC, pc);
            case StopReason.Breakpoint() ->
                new SignalDetail.Fault(SIGTRAP, isX86 ? SI_KERNEL : TRAP_BRKPT, isX86 ? 0 : pc);
            case StopReason.DivideError() -> new SignalDetail.Fault(SIGFPE, FPE_INTDIV, pc);
            case StopReason.FloatingPointError() -> new SignalDetail.Fault(SIGFPE, FPE_FLTINV, pc);
            case StopReason.GeneralProtection() -> new SignalDetail.Fault(SIGSEGV, SI_KERNEL, 0);
            case StopReason.MisalignedAccess access -> new SignalDetail.Fault(SIGBUS, BUS_ADRALN, access.virtAddr());
            case StopReason.BusError(long virtAddr) -> new SignalDetail.Fault(SIGBUS, BUS_ADRERR, virtAddr);
            case StopReason.PageFault _, StopReason.Limit _, StopReason.SystemCall _, StopReason.EngineFailure _ ->
                throw new IllegalArgumentException("no signal for " + stop);
        };
    }
}
