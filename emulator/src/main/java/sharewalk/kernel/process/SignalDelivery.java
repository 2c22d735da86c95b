package sharewalk.kernel.process;

import static sharewalk.abi.Errno.EINTR;
import static sharewalk.abi.Signals.SA_NODEFER;
import static sharewalk.abi.Signals.SA_RESETHAND;
import static sharewalk.abi.Signals.SA_RESTART;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.Cpu;

/// What happens to waiting signals before a task goes back to its own code (signal(7)).
public final class SignalDelivery {
    private final Exiting exiting;
    private final SignalFrame frames;
    private final int systemCallBytes;

    /// Creates the delivery for one instruction set, whose system-call instruction has so many bytes.
    SignalDelivery(Exiting exiting, SignalFrame frames, int systemCallBytes) {
        this.exiting = exiting;
        this.frames = frames;
        this.systemCallBytes = systemCallBytes;
    }

    /// Takes every signal that is not blocked: runs handlers, stops, kills. Returns whether the task goes on.
    ///
    /// Preconditions:
    /// - the task's registers lie in `cpu`
    public boolean deliver(Task task, Cpu cpu) {
        for (SignalDetail detail = take(task); detail != null; detail = take(task)) {
            SignalAction action = task.process().actions().get(detail.signal());
            if (action.isHandler()) {
                runHandler(task, cpu, detail, action);
            } else if (!action.ignores(detail.signal()) && !defaultAction(task, detail.signal())) {
                return false;
            }
        }
        if (task.call() == null) {
            task.signals().restoreMask();
        }
        return true;
    }

    /// Goes back to where a handler interrupted the task (sigreturn(2)); a frame that cannot be read is SIGSEGV.
    public void returnFromHandler(Task task, Cpu cpu) {
        SignalFrame.@Nullable Restored restored = null;
        try {
            restored = frames.pop(cpu, task.process().memory());
        } catch (BadAddressException e) {
            restored = null;
        }
        if (restored == null) {
            exiting.signaling().forceSegv(task, 0);
            return;
        }
        task.signals().setMask(restored.signalMask());
        task.signals().setStack(restored.stack());
    }

    private static @Nullable SignalDetail take(Task task) {
        long wanted = ~task.signals().mask();
        @Nullable SignalDetail own = task.signals().pending().take(wanted);
        return own != null ? own : task.process().sharedPending().take(wanted);
    }

    /// Returns whether the task still runs.
    private boolean defaultAction(Task task, int signal) {
        if (SignalSet.contains(SignalSet.STOPPING, signal)) {
            exiting.signaling().stop(task.process());
        } else {
            exiting.exitGroup(task.process(), new ExitStatus.Killed(signal));
        }
        return false;
    }

    private void runHandler(Task task, Cpu cpu, SignalDetail detail, SignalAction action) {
        interrupt(task, cpu, action);
        TaskSignals signals = task.signals();
        long maskToRestore = signals.takeMaskToRestore();
        SignalFrame.Request request = new SignalFrame.Request(
                detail,
                action,
                maskToRestore,
                signals.stack(),
                signals.trap(),
                task.process().trampoline());
        try {
            frames.push(cpu, task.process().memory(), request);
        } catch (BadAddressException e) {
            signals.setMask(maskToRestore);
            exiting.signaling().forceSegv(task, detail.signal());
            return;
        }
        long own = action.has(SA_NODEFER) ? 0 : SignalSet.of(detail.signal());
        signals.setMask(signals.mask() | action.mask() | own);
        if (action.has(SA_RESETHAND)) {
            task.process().actions().set(detail.signal(), SignalAction.DEFAULT);
        }
    }

    /// Ends the system call a task waits in, because a handler is about to run.
    private void interrupt(Task task, Cpu cpu, SignalAction action) {
        PendingCall call = task.call();
        if (call == null) {
            return;
        }
        task.setCall(null);
        long result = call.interrupt();
        if (result != 0) {
            cpu.setGeneral(cpu.isa().returnRegister(), result);
        } else if (call.interruption() == PendingCall.Interruption.RESTART && action.has(SA_RESTART)) {
            // No register has been changed yet: the same instruction makes the same call.
            cpu.setPc(cpu.pc() - systemCallBytes);
        } else {
            cpu.setGeneral(cpu.isa().returnRegister(), -EINTR);
        }
    }
}
