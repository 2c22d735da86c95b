package sharewalk.kernel.process;

import static sharewalk.abi.Signals.SIGCONT;
import static sharewalk.abi.Signals.SIGKILL;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.abi.Signals.SI_KERNEL;

import java.util.List;
import java.util.Optional;

/// The sending of signals: whom they reach, and what happens at once (signal(7)).
public final class Signaling {
    private final Exiting exiting;

    Signaling(Exiting exiting) {
        this.exiting = exiting;
    }

    /// Sends a signal to one task.
    public void send(Task task, SignalDetail detail) {
        if (prepare(task.process(), detail, task.signals().mask())) {
            task.signals().pending().add(detail);
            notify(task, detail.signal());
        }
    }

    /// Sends a signal to a process; the first task that does not block it will take it.
    public void send(GuestProcess process, SignalDetail detail) {
        if (process.tasks().isEmpty()) {
            return;
        }
        Optional<Task> taker = process.tasks().stream()
                .filter(task -> task.signals().isWokenBy(detail.signal()))
                .findFirst();
        if (prepare(process, detail, taker.map(task -> task.signals().mask()).orElse(-1L))) {
            process.sharedPending().add(detail);
            taker.ifPresent(task -> notify(task, detail.signal()));
        }
    }

    /// Raises a signal that an instruction caused: it cannot be ignored or put off, and kills where it would be.
    public void force(Task task, SignalDetail detail) {
        SignalActions actions = task.process().actions();
        boolean blocked = SignalSet.contains(task.signals().mask(), detail.signal());
        if (blocked || actions.get(detail.signal()).ignores(detail.signal())) {
            actions.set(detail.signal(), SignalAction.DEFAULT);
        }
        task.signals().setMask(task.signals().mask() & ~SignalSet.of(detail.signal()));
        task.signals().pending().add(detail);
    }

    /// Raises SIGSEGV because a frame could not be written or read; fatal when it was SIGSEGV's own.
    void forceSegv(Task task, int failedSignal) {
        if (failedSignal == SIGSEGV) {
            task.process().actions().set(SIGSEGV, SignalAction.DEFAULT);
        }
        force(task, new SignalDetail.Fault(SIGSEGV, SI_KERNEL, 0));
    }

    /// Stops every task of a process.
    void stop(GuestProcess process) {
        List.copyOf(process.tasks()).forEach(Task::stop);
    }

    /// Does what a signal does by being sent, whether or not it is taken; returns whether it goes on its way.
    private boolean prepare(GuestProcess process, SignalDetail detail, long mask) {
        int signal = detail.signal();
        if (SignalSet.contains(SignalSet.STOPPING, signal)) {
            dropEverywhere(process, SignalSet.of(SIGCONT));
        } else if (signal == SIGCONT || signal == SIGKILL) {
            dropEverywhere(process, SignalSet.STOPPING);
            List.copyOf(process.tasks()).forEach(Task::resume);
        }
        boolean blocked = SignalSet.contains(mask & ~SignalSet.UNBLOCKABLE, signal);
        return blocked || !process.actions().get(signal).ignores(signal);
    }

    private static void dropEverywhere(GuestProcess process, long signals) {
        process.sharedPending().drop(signals);
        process.tasks().forEach(task -> task.signals().pending().drop(signals));
    }

    private void notify(Task task, int signal) {
        if (signal == SIGKILL) {
            exiting.exitGroup(task.process(), new ExitStatus.Killed(SIGKILL));
        } else if (task.signals().isWokenBy(signal)) {
            task.wake();
        }
    }
}
