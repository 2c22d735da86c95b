package sharewalk.kernel.process;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sharewalk.abi.Signals;
import sharewalk.kernel.fs.FileTable;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.mm.PageTableGauges;
import sharewalk.kernel.wait.WaitQueue;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.FlushCause;

/// A process: tasks that share a pid, an address space and what signals do.
///
/// After its last task has ended it is a zombie without resources until its parent has asked for its status.
public final class GuestProcess {
    private final int pid;
    private final Map<Integer, Task> tasks = new LinkedHashMap<>();
    private final List<GuestProcess> children = new ArrayList<>();
    private final PendingSignals sharedPending = new PendingSignals();
    private final Usage endedTasks = new Usage();
    private final Usage reapedChildren = new Usage();
    private final WaitQueue childChanged = new WaitQueue();
    private final WaitQueue memoryReleased = new WaitQueue();
    private final ProcessLimits limits;
    private final ProcessAccounts accounts;
    private int exitSignal;
    private int groupId;
    private int sessionId;
    private @Nullable GuestProcess parent;
    private @Nullable ProcessResources resources;
    private SignalActions actions;
    private @Nullable ExitStatus exitStatus;
    private Timeouts.@Nullable Target alarm;
    private long alarmInterval;
    private Program program = Program.NONE;
    private boolean reaped;
    private boolean releasedMemory;
    private final TablePeaks tablePeaks = new TablePeaks();
    private int birthParentPid = ProcessTable.INIT_PID;

    /// What a process holds while it lives: memory, descriptors, place in the tree, and the file it runs.
    public record ProcessResources(TaskMemory memory, FileTable files, FsContext fs, OpenFile executable) {
        ProcessResources running(TaskMemory newMemory, OpenFile newExecutable) {
            return new ProcessResources(newMemory, files, fs, newExecutable);
        }

        void releaseMemory() {
            memory.release(FlushCause.EXIT);
        }

        void releaseFiles() {
            files.release();
            fs.release();
            executable.release();
        }
    }

    /// What a process is made with.
    record Origin(ProcessLimits limits, ProcessAccounts accounts, SignalActions actions, int exitSignal) {}

    GuestProcess(int pid, Origin origin, ProcessResources resources) {
        this.pid = pid;
        groupId = pid;
        sessionId = pid;
        limits = origin.limits();
        accounts = origin.accounts();
        actions = origin.actions();
        exitSignal = origin.exitSignal();
        this.resources = resources;
    }

    /// Returns the process id.
    public int pid() {
        return pid;
    }

    /// Returns the tasks, oldest first; empty for a zombie.
    public Collection<Task> tasks() {
        return Collections.unmodifiableCollection(tasks.values());
    }

    void add(Task task) {
        tasks.put(task.tid(), task);
    }

    /// Gives the one task that is left the number of the process.
    void renameToLeader(Task task) {
        tasks.remove(task.tid());
        task.becomeLeader();
        tasks.put(task.tid(), task);
    }

    void remove(Task task) {
        tasks.remove(task.tid());
        endedTasks.add(task.usage());
    }

    /// Returns the parent; null for the first process, for orphans, and after it was reaped.
    public @Nullable GuestProcess parent() {
        return parent;
    }

    /// Returns the parent's pid as getppid(2) tells: 1, the init process that runs no code, for orphans.
    public int parentPid() {
        return parent == null ? ProcessTable.INIT_PID : parent.pid;
    }

    /// Returns the pid of the parent it was born to.
    public int birthParentPid() {
        return birthParentPid;
    }

    void setParent(@Nullable GuestProcess newParent) {
        if (parent != null) {
            parent.children.remove(this);
        }
        parent = newParent;
        if (newParent != null) {
            birthParentPid = birthParentPid == ProcessTable.INIT_PID ? newParent.pid : birthParentPid;
            newParent.children.add(this);
        }
    }

    /// Returns the children, zombies included, oldest first.
    public List<GuestProcess> children() {
        return Collections.unmodifiableList(children);
    }

    /// Returns the process group.
    public int groupId() {
        return groupId;
    }

    /// Changes the process group.
    public void setGroupId(int newGroupId) {
        groupId = newGroupId;
    }

    /// Returns the session.
    public int sessionId() {
        return sessionId;
    }

    /// Changes the session.
    public void setSessionId(int newSessionId) {
        sessionId = newSessionId;
    }

    /// Returns the memory.
    ///
    /// Preconditions:
    /// - the process is alive
    public TaskMemory memory() {
        return resources().memory();
    }

    /// Returns the descriptors.
    ///
    /// Preconditions:
    /// - the process is alive
    public FileTable files() {
        return resources().files();
    }

    /// Returns the place in the tree of files.
    ///
    /// Preconditions:
    /// - the process is alive
    public FsContext fs() {
        return resources().fs();
    }

    private ProcessResources resources() {
        if (resources == null) {
            throw new IllegalStateException("process " + pid + " has ended");
        }
        return resources;
    }

    /// Returns the most page-table bytes any of its address spaces has had.
    public TablePeaks tablePeaks() {
        notePageTables();
        return tablePeaks;
    }

    /// Begins a phase, or goes on with one that was begun before.
    public void beginPhase(String name) {
        notePageTables();
        accounts.beginPhase(name);
    }

    private void notePageTables() {
        if (resources != null) {
            PageTableGauges gauges = resources.memory().space().gauges();
            tablePeaks.note(gauges);
            tablePeaks.note(accounts.phase(), gauges.total().recentPeak(), 0);
            if (!resources.memory().isShared()) {
                gauges.total().restart();
            }
        }
    }

    /// Returns the file it runs.
    ///
    /// Preconditions:
    /// - the process is alive
    public OpenFile executable() {
        return resources().executable();
    }

    /// Takes another address space and program in place of those it had, and lets go of the old ones.
    void replaceMemory(TaskMemory memory, OpenFile executable) {
        notePageTables();
        ProcessResources old = resources();
        resources = old.running(memory, executable);
        memory.space().activate();
        old.memory().release(FlushCause.EXEC);
        old.executable().release();
    }

    @Nullable
    ProcessResources takeResources() {
        notePageTables();
        @Nullable ProcessResources taken = resources;
        resources = null;
        return taken;
    }

    /// Returns whether it still has its memory.
    public boolean isAlive() {
        return resources != null;
    }

    /// Returns what signals do.
    public SignalActions actions() {
        return actions;
    }

    /// Changes what a signal does; waiting ones that would now be ignored vanish (sigaction(2), POSIX).
    public void setAction(int signal, SignalAction action) {
        actions.set(signal, action);
        if (action.ignores(signal)) {
            sharedPending.drop(SignalSet.of(signal));
            tasks.values().forEach(task -> task.signals().pending().drop(SignalSet.of(signal)));
        }
    }

    void setActions(SignalActions newActions) {
        actions = newActions;
    }

    /// Returns the signals sent to the process as a whole.
    public PendingSignals sharedPending() {
        return sharedPending;
    }

    /// Returns the signal its parent gets when it ends, or 0.
    int exitSignal() {
        return exitSignal;
    }

    /// Makes it end with SIGCHLD, as a program does that was executed anew, whatever clone(2) asked for.
    void resetExitSignal() {
        exitSignal = Signals.SIGCHLD;
    }

    /// Returns the resource limits.
    public ProcessLimits limits() {
        return limits;
    }

    /// Returns what is counted for it.
    public ProcessAccounts accounts() {
        return accounts;
    }

    /// Returns how it ended or will end, or null while nothing has been decided.
    public @Nullable ExitStatus exitStatus() {
        return exitStatus;
    }

    /// Decides how it ends; the first decision stands.
    void decideExit(ExitStatus status) {
        if (exitStatus == null) {
            exitStatus = status;
        }
    }

    /// Returns whether it has ended and nobody has asked for its status.
    public boolean isZombie() {
        return resources == null && !reaped;
    }

    /// Notes that its status has been asked for.
    void reap() {
        reaped = true;
        setParent(null);
    }

    /// Returns where to wait for a child to change.
    public WaitQueue childChanged() {
        return childChanged;
    }

    /// Returns where to wait until it gives its memory up, by exec or exit (vfork).
    public WaitQueue memoryReleased() {
        return memoryReleased;
    }

    /// Returns whether it has given up the memory it was born with.
    public boolean hasReleasedMemory() {
        return releasedMemory;
    }

    /// Notes that it has given up the memory it was born with, and wakes who waited for it.
    void memoryWasReleased() {
        releasedMemory = true;
        memoryReleased.wakeAll();
    }

    /// Returns what its tasks have used, ended ones included.
    public Usage usage() {
        Usage sum = new Usage();
        sum.add(endedTasks);
        tasks.values().forEach(task -> sum.add(task.usage()));
        sum.addMinorFaults(accounts.total(Counter.MINOR_FAULT));
        sum.addMajorFaults(accounts.total(Counter.MAJOR_FAULT));
        return sum;
    }

    /// Returns what its reaped children had used, theirs included.
    public Usage reapedChildren() {
        return reapedChildren;
    }

    /// Returns what it runs.
    public Program program() {
        return program;
    }

    void setProgram(Program newProgram) {
        program = newProgram;
    }

    /// Returns where signal handlers return to on an instruction set whose actions do not say.
    public long trampoline() {
        return program.trampoline();
    }

    /// Returns the target of its real-time timer, or null.
    public Timeouts.@Nullable Target alarm() {
        return alarm;
    }

    /// Sets the target and the interval of its real-time timer.
    public void setAlarm(Timeouts.@Nullable Target target, long interval) {
        alarm = target;
        alarmInterval = interval;
    }

    /// Returns the interval of its real-time timer in nanoseconds, 0 for once.
    public long alarmInterval() {
        return alarmInterval;
    }
}
