package sharewalk.kernel.process;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Every task and process of a machine by number, and the giver of numbers: 100, 101, 102 and on, none twice.
public final class ProcessTable {
    /// The pid of init, a parent of orphans that runs no code and reaps at once.
    public static final int INIT_PID = 1;

    /// The answer when no number is left.
    public static final int NO_PID = -1;

    private static final int FIRST_PID = 100;
    private static final int PID_LIMIT = 4_194_304;

    private final SortedMap<Integer, Task> tasks = new TreeMap<>();
    private final SortedMap<Integer, GuestProcess> processes = new TreeMap<>();
    private final List<GuestProcess> all = new ArrayList<>();
    private final int taskLimit;
    private int nextPid = FIRST_PID;
    private @Nullable GuestProcess current;

    /// Creates an empty table for at most so many tasks at a time.
    public ProcessTable(int taskLimit) {
        this.taskLimit = taskLimit;
    }

    /// Returns a number nobody has had, or [#NO_PID] where there are too many tasks or numbers have run out.
    int allocate() {
        if (tasks.size() >= taskLimit || nextPid >= PID_LIMIT) {
            return NO_PID;
        }
        return nextPid++;
    }

    void add(GuestProcess process) {
        processes.put(process.pid(), process);
        all.add(process);
    }

    void add(Task task) {
        tasks.put(task.tid(), task);
    }

    void remove(Task task) {
        tasks.remove(task.tid());
    }

    void remove(GuestProcess process) {
        processes.remove(process.pid());
    }

    /// Returns the process for which the kernel works now, or null.
    public @Nullable GuestProcess current() {
        return current;
    }

    /// Says for which process the kernel works now.
    public void setCurrent(GuestProcess process) {
        current = process;
    }

    /// Returns the living task of a number.
    public @Nullable Task task(int tid) {
        return tasks.get(tid);
    }

    /// Returns the process of a number, a zombie too.
    public @Nullable GuestProcess process(int pid) {
        return processes.get(pid);
    }

    /// Returns the processes there are, zombies too, by pid.
    public Collection<GuestProcess> processes() {
        return Collections.unmodifiableCollection(processes.values());
    }

    /// Returns the living tasks by number.
    public Collection<Task> tasks() {
        return Collections.unmodifiableCollection(tasks.values());
    }

    /// Returns every process there has ever been, in order of birth.
    public List<GuestProcess> everyProcess() {
        return Collections.unmodifiableList(all);
    }

    /// Returns whether no task is left.
    public boolean isEmpty() {
        return tasks.isEmpty();
    }
}
