package sharewalk.kernel.process;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The queue of tasks that wait for a hart: first come, first served, except that a task goes back to the hart it ran
/// on as long as that hart has its own to run.
public final class Scheduler {
    private final List<Task> ready = new ArrayList<>();

    /// Puts a task at the end of the queue.
    public void enqueue(Task task) {
        task.becomeReady();
        ready.add(task);
    }

    /// Takes a task out of the queue, if it is there.
    public void remove(Task task) {
        ready.remove(task);
    }

    /// Returns whether nobody waits for a hart.
    public boolean isEmpty() {
        return ready.isEmpty();
    }

    /// Returns whether somebody waits who may run on a hart.
    public boolean hasWorkFor(int hart) {
        return ready.stream().anyMatch(task -> task.mayRunOn(hart));
    }

    /// Takes the next task for a hart out of the queue: the first that ran there last or has not run yet, else the
    /// first that may run there.
    public @Nullable Task next(int hart) {
        @Nullable Task stranger = null;
        for (Iterator<Task> each = ready.iterator(); each.hasNext(); ) {
            Task task = each.next();
            if (!task.mayRunOn(hart)) {
                continue;
            }
            if (task.lastHart() == hart || task.lastHart() == Task.NO_HART) {
                each.remove();
                return task;
            }
            if (stranger == null) {
                stranger = task;
            }
        }
        if (stranger != null) {
            ready.remove(stranger);
        }
        return stranger;
    }
}
