package sharewalk.mmu.count;

import org.jspecify.annotations.Nullable;

/// A set of running totals, one for each [Counter], and of misses by their causes where these are found out. Recording
/// neither allocates, but for the first cause, nor locks.
public final class Counters {
    static final int COUNT = Counter.values().length;

    private final long[] totals = new long[COUNT];

    /// Null until a cause is recorded.
    private @Nullable MissTotals misses;

    /// Counts one event.
    public void record(Counter counter) {
        totals[counter.index()]++;
    }

    /// Counts `times` events of one kind.
    public void record(Counter counter, long times) {
        totals[counter.index()] += times;
    }

    /// Counts misses or walk steps of one cause.
    public void record(MissCause cause, MissFigure figure, long times) {
        misses().record(cause, figure, times);
    }

    /// Counts a flush that has dropped a number of TLB entries.
    public void recordFlush(FlushCause cause, long dropped) {
        misses().recordFlush(cause, dropped);
    }

    private MissTotals misses() {
        if (misses == null) {
            misses = new MissTotals();
        }
        return misses;
    }

    /// Returns the total so far.
    public long get(Counter counter) {
        return totals[counter.index()];
    }

    /// Adds every total of `other` to this one's.
    public void addAll(Counters other) {
        for (int i = 0; i < COUNT; i++) {
            totals[i] += other.totals[i];
        }
        if (other.misses != null) {
            misses().addAll(other.misses);
        }
    }

    /// Returns the totals as a value that later events do not change.
    public CounterSnapshot snapshot() {
        return CounterSnapshot.ofUnchecked(totals.clone(), misses == null ? null : misses.copy());
    }
}
