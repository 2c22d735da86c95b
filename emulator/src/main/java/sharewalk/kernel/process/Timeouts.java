package sharewalk.kernel.process;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/// What is to happen at given guest times, earliest first; of equal times in the order they were set.
public final class Timeouts {
    private final TreeSet<Entry> entries =
            new TreeSet<>(Comparator.comparingLong(Entry::deadline).thenComparingLong(Entry::sequence));
    private final Map<Target, Entry> byTarget = new HashMap<>();
    private long sequence;

    /// Something that happens at a time; compared by identity.
    public interface Target {
        /// Tells that the time has come.
        void expired();
    }

    private record Entry(long deadline, long sequence, Target target) {}

    /// Sets the time of a target, in place of the one it had.
    public void set(Target target, long deadline) {
        cancel(target);
        sequence++;
        Entry entry = new Entry(deadline, sequence, target);
        entries.add(entry);
        byTarget.put(target, entry);
    }

    /// Forgets a target; nothing happens where it has no time.
    public void cancel(Target target) {
        Entry entry = byTarget.remove(target);
        if (entry != null) {
            entries.remove(entry);
        }
    }

    /// Returns the time of a target, or [Long#MAX_VALUE].
    public long deadlineOf(Target target) {
        Entry entry = byTarget.get(target);
        return entry == null ? Long.MAX_VALUE : entry.deadline();
    }

    /// Returns the earliest time of all, or [Long#MAX_VALUE].
    public long next() {
        return entries.isEmpty() ? Long.MAX_VALUE : entries.first().deadline();
    }

    /// Tells every target whose time is not after `now`.
    public void expire(long now) {
        while (next() <= now) {
            Entry entry = entries.removeFirst();
            byTarget.remove(entry.target());
            entry.target().expired();
        }
    }
}
