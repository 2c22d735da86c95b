package sharewalk.mmu.count;

/// A set of running totals, one for each [Counter]. Recording neither allocates nor locks.
public final class Counters {
    static final int COUNT = Counter.values().length;

    private final long[] totals = new long[COUNT];

    /// Counts one event.
    public void record(Counter counter) {
        totals[counter.index()]++;
    }

    /// Counts `times` events of one kind.
    public void record(Counter counter, long times) {
        totals[counter.index()] += times;
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
    }

    /// Returns the totals as a value that later events do not change.
    public CounterSnapshot snapshot() {
        return CounterSnapshot.ofUnchecked(totals.clone());
    }
}
