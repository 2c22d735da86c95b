package sharewalk.kernel.process;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import sharewalk.abi.FutexOps;
import sharewalk.abi.Signals;

/// The end of tasks and processes: what they held is given back, and who waited for it is told (exit(2), wait(2)).
public final class Exiting {
    private static final long TICK_NANOSECONDS = 10_000_000;

    private final ProcessTable processes;
    private final Timeouts timeouts;
    private final Futexes futexes;
    private final RobustList robustList;
    private final Signaling signaling;
    private final MachinePeaks machinePeaks;
    private final List<LongConsumer> exitListeners = new ArrayList<>();

    /// Creates the way out of a machine's processes.
    public Exiting(ProcessTable processes, Timeouts timeouts, Futexes futexes, MachinePeaks machinePeaks) {
        this.machinePeaks = machinePeaks;
        this.processes = processes;
        this.timeouts = timeouts;
        this.futexes = futexes;
        robustList = new RobustList(futexes);
        signaling = new Signaling(this);
    }

    /// Asks to be told the id of each task that has exited: after it let go of its memory, before its files are closed.
    public void whenTaskExits(LongConsumer listener) {
        exitListeners.add(listener);
    }

    /// Returns the sending of signals.
    public Signaling signaling() {
        return signaling;
    }

    /// Ends one task; the last one of a process ends the process with the status it gives.
    public void exit(Task task, int code) {
        if (task.process().tasks().size() == 1) {
            task.process().decideExit(new ExitStatus.Exited(code));
        }
        end(task);
    }

    /// Ends a process with all its tasks.
    public void exitGroup(GuestProcess process, ExitStatus status) {
        process.decideExit(status);
        for (Task task : new ArrayList<>(process.tasks())) {
            end(task);
        }
    }

    /// Ends the other tasks of a process, for exec.
    void endOthers(Task survivor) {
        for (Task task : new ArrayList<>(survivor.process().tasks())) {
            if (task != survivor) {
                end(task);
            }
        }
    }

    private void end(Task task) {
        if (task.state() == TaskState.DEAD) {
            return;
        }
        GuestProcess process = task.process();
        releaseMemory(task);
        task.die();
        process.remove(task);
        processes.remove(task);
        if (process.tasks().isEmpty()) {
            finish(process, task);
        } else {
            tellExit(task);
        }
    }

    /// Lets go of the words in memory that tell others of a task: robust futexes and the one to clear.
    void releaseMemory(Task task) {
        robustList.release(task);
        task.setRobustList(0);
        long clear = task.clearChildTid();
        task.setClearChildTid(0);
        TaskMemory memory = task.process().memory();
        boolean seenByOthers = task.process().tasks().size() > 1 || memory.isShared();
        if (clear == 0 || !seenByOthers) {
            return;
        }
        try {
            memory.writeInt(clear, 0);
            var _ = futexes.wake(futexes.key(memory.space(), clear, false), 1, FutexOps.FUTEX_BITSET_MATCH_ANY);
            var _ = futexes.wake(futexes.key(memory.space(), clear, true), 1, FutexOps.FUTEX_BITSET_MATCH_ANY);
        } catch (BadAddressException e) {
            // As Linux: an address that cannot be written is left alone.
            return;
        }
    }

    private void tellExit(Task task) {
        exitListeners.forEach(listener -> listener.accept(task.tid()));
    }

    private void finish(GuestProcess process, Task last) {
        machinePeaks.settle();
        Timeouts.Target alarm = process.alarm();
        if (alarm != null) {
            timeouts.cancel(alarm);
        }
        GuestProcess.ProcessResources resources = process.takeResources();
        if (resources != null) {
            resources.releaseMemory();
            tellExit(last);
            resources.releaseFiles();
        }
        process.memoryWasReleased();
        orphan(process);
        tellParent(process);
    }

    private void orphan(GuestProcess process) {
        for (GuestProcess child : List.copyOf(process.children())) {
            child.setParent(null);
            if (child.isZombie()) {
                bury(child);
            }
        }
    }

    private void tellParent(GuestProcess process) {
        GuestProcess parent = process.parent();
        if (parent == null) {
            bury(process);
            return;
        }
        int signal = process.exitSignal();
        ExitStatus status = process.exitStatus();
        if (status != null && SignalSet.isSignal(signal)) {
            signaling.send(parent, childNews(process, status, signal));
        }
        if (signal == Signals.SIGCHLD && ignoresChildren(parent)) {
            bury(process);
        }
        parent.childChanged().wakeAll();
    }

    private static SignalDetail childNews(GuestProcess process, ExitStatus status, int signal) {
        long ticks = process.usage().instructions() / TICK_NANOSECONDS;
        return new SignalDetail.Child(signal, status.childCode(), process.pid(), status.childStatus(), ticks);
    }

    private static boolean ignoresChildren(GuestProcess parent) {
        SignalAction action = parent.actions().get(Signals.SIGCHLD);
        return action.handler() == Signals.SIG_IGN || action.has(Signals.SA_NOCLDWAIT);
    }

    /// Forgets a process that has ended and that nobody will ask for.
    void bury(GuestProcess process) {
        process.reap();
        processes.remove(process);
    }
}
