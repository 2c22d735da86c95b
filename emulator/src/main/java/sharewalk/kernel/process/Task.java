package sharewalk.kernel.process;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.CpuContext;
import sharewalk.kernel.wait.WaitQueue;
import sharewalk.kernel.wait.Waiter;

/// A thread of a process: what the scheduler gives harts to.
///
/// Its registers lie in a hart while it runs and in its context else.
public final class Task implements Waiter, Timeouts.Target {
    /// The hart of a task that has not run yet.
    public static final int NO_HART = -1;

    private int tid;
    private final GuestProcess process;
    private final CpuContext context;
    private final TaskSignals signals = new TaskSignals();
    private final Usage usage = new Usage();
    private final List<WaitQueue> waitsIn = new ArrayList<>();
    private final Blocker blocker;
    private TaskState state = TaskState.BLOCKED;
    private @Nullable Cpu hart;
    private int lastHart = NO_HART;
    private long affinity = -1;
    private @Nullable PendingCall call;
    private String name;
    private long clearChildTid;
    private long robustList;
    private long storeTidAt;

    /// Who wakes blocked tasks.
    record Blocker(Scheduler scheduler, Timeouts timeouts) {}

    Task(int tid, GuestProcess process, CpuContext context, String name, Blocker blocker) {
        this.tid = tid;
        this.process = process;
        this.context = context;
        this.name = name;
        this.blocker = blocker;
    }

    /// Returns the thread id; the process id for its first thread.
    public int tid() {
        return tid;
    }

    /// Takes the number of the process, as the one task that survives an exec does.
    void becomeLeader() {
        tid = process.pid();
    }

    /// Returns the process.
    public GuestProcess process() {
        return process;
    }

    /// Returns where the registers lie while no hart holds them.
    public CpuContext context() {
        return context;
    }

    /// Returns the signals of this thread alone.
    public TaskSignals signals() {
        return signals;
    }

    /// Returns what this thread has used.
    public Usage usage() {
        return usage;
    }

    /// Returns what it is doing.
    public TaskState state() {
        return state;
    }

    /// Gives the task a hart, whose registers become the task's.
    ///
    /// Preconditions:
    /// - the scheduler has just handed the task out
    public void takeHart(Cpu cpu) {
        cpu.restore(context);
        hart = cpu;
        lastHart = cpu.hart();
        state = TaskState.RUNNING;
    }

    /// Takes the hart away from the task and saves its registers.
    private void leaveHart() {
        if (hart != null) {
            hart.save(context);
            hart = null;
        }
    }

    /// Lets others go first: the task waits for a hart behind everybody who does already.
    public void preempt() {
        leaveHart();
        blocker.scheduler().enqueue(this);
    }

    void becomeReady() {
        state = TaskState.READY;
    }

    /// Returns whether a hart runs the task.
    @SuppressWarnings("ReferenceEquality") // a hart is itself alone
    public boolean isRunningOn(Cpu cpu) {
        return hart == cpu && state == TaskState.RUNNING;
    }

    /// Returns the hart it ran on last, or [#NO_HART].
    public int lastHart() {
        return lastHart;
    }

    /// Returns the harts it may run on: bit n is hart n.
    public long affinity() {
        return affinity;
    }

    /// Sets the harts it may run on.
    public void setAffinity(long harts) {
        affinity = harts;
    }

    boolean mayRunOn(int hart) {
        return (affinity >>> hart & 1) != 0;
    }

    /// Returns the system call it is in, or null.
    public @Nullable PendingCall call() {
        return call;
    }

    /// Begins or, with null, ends a system call.
    public void setCall(@Nullable PendingCall newCall) {
        call = newCall;
        if (newCall == null) {
            signals.setWaitedFor(0);
        }
    }

    /// Returns the thread's name (PR_SET_NAME).
    public String name() {
        return name;
    }

    /// Renames the thread.
    public void setName(String newName) {
        name = newName;
    }

    /// Returns the address to clear and wake when the thread ends (set_tid_address(2)), or 0.
    public long clearChildTid() {
        return clearChildTid;
    }

    /// Sets the address to clear and wake when the thread ends.
    public void setClearChildTid(long virtAddr) {
        clearChildTid = virtAddr;
    }

    /// Returns the head of the list of robust futexes, or 0.
    public long robustList() {
        return robustList;
    }

    /// Sets the head of the list of robust futexes.
    public void setRobustList(long virtAddr) {
        robustList = virtAddr;
    }

    /// Asks for the number to be stored in the task's own memory before it first runs (CLONE_CHILD_SETTID).
    void setStoreTidAt(long virtAddr) {
        storeTidAt = virtAddr;
    }

    /// Does what is left to do before the task runs for the first time; as on Linux, an address that cannot be written
    /// changes nothing.
    public void prepareFirstRun() {
        long virtAddr = storeTidAt;
        storeTidAt = 0;
        if (virtAddr != 0) {
            try {
                process.memory().writeInt(virtAddr, tid);
            } catch (BadAddressException e) {
                return;
            }
        }
    }

    /// Returns whether a signal waits that will do something.
    public boolean hasDeliverableSignal() {
        return ((signals.pending().set() | process.sharedPending().set()) & ~signals.mask()) != 0;
    }

    /// Gives the hart up until one of the queues is woken or the deadline has come.
    ///
    /// Preconditions:
    /// - the task runs
    public void block(List<WaitQueue> queues, long deadline) {
        leaveHart();
        state = TaskState.BLOCKED;
        for (WaitQueue queue : queues) {
            queue.add(this);
            waitsIn.add(queue);
        }
        if (deadline != PendingCall.NO_DEADLINE) {
            blocker.timeouts().set(this, deadline);
        }
    }

    @Override
    public void wake() {
        if (state == TaskState.BLOCKED) {
            leaveQueues();
            blocker.scheduler().enqueue(this);
        }
    }

    @Override
    public void expired() {
        wake();
    }

    /// Waits for SIGCONT instead of a hart, whatever it waited for before.
    void stop() {
        if (state == TaskState.READY || state == TaskState.BLOCKED) {
            leaveQueues();
            blocker.scheduler().remove(this);
        }
        leaveHart();
        state = TaskState.STOPPED;
    }

    /// Ends a stop.
    void resume() {
        if (state == TaskState.STOPPED) {
            blocker.scheduler().enqueue(this);
        }
    }

    /// Ends the task: nothing wakes it any more.
    void die() {
        leaveQueues();
        blocker.scheduler().remove(this);
        if (call != null) {
            call.abandon();
            call = null;
        }
        state = TaskState.DEAD;
        hart = null;
        context.close();
    }

    private void leaveQueues() {
        waitsIn.forEach(queue -> queue.remove(this));
        waitsIn.clear();
        blocker.timeouts().cancel(this);
    }
}
