package sharewalk.kernel.share.region;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tasks that own something: each has a list of what it made, and gives all of it up when it exits. Not
/// inherited, not handed over.
///
/// @param <T> what is owned; one is equal to itself alone
public final class Owners<T extends Owners.Owned> {
    private final Map<Long, List<T>> ownedByTask = new LinkedHashMap<>();

    /// Something that one task owns.
    public interface Owned {
        /// Tells that the owner has exited.
        void ownerExited();
    }

    /// Creates the record of a machine on which nothing is owned.
    public Owners() {}

    /// Notes that a task made something.
    public void created(long taskId, T owned) {
        ownedByTask.computeIfAbsent(taskId, _ -> new ArrayList<>()).add(owned);
    }

    /// Forgets something that is gone.
    public void forget(T gone) {
        ownedByTask.values().forEach(owned -> owned.remove(gone));
    }

    /// Takes what a task owned from it: it has exited.
    public void exited(long taskId) {
        List<T> owned = ownedByTask.remove(taskId);
        if (owned != null) {
            owned.forEach(Owned::ownerExited);
        }
    }
}
