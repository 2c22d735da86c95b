package sharewalk.mmu.count;

import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/// The totals of all counters at one moment, or the difference of two moments. An immutable value.
public final class CounterSnapshot {
    /// Nothing has happened.
    public static final CounterSnapshot ZERO = new CounterSnapshot(new long[Counters.COUNT]);

    private final long[] totals;

    private CounterSnapshot(long[] totals) {
        this.totals = totals;
    }

    /// Returns a snapshot that owns `totals`, indexed by [Counter#index()].
    static CounterSnapshot ofUnchecked(long[] totals) {
        return new CounterSnapshot(totals);
    }

    /// Returns the total of one counter.
    public long get(Counter counter) {
        return totals[counter.index()];
    }

    /// Returns the misses of the first-level data TLB, by loads and stores together.
    public long l1dMisses() {
        return get(Counter.L1D_LOAD_MISS) + get(Counter.L1D_STORE_MISS);
    }

    /// Returns the sums of both.
    public CounterSnapshot plus(CounterSnapshot other) {
        return combine(other, Long::sum);
    }

    /// Returns what happened since `earlier`.
    public CounterSnapshot minus(CounterSnapshot earlier) {
        return combine(earlier, (now, before) -> now - before);
    }

    private CounterSnapshot combine(CounterSnapshot other, LongBinaryOperator operator) {
        long[] result = new long[Counters.COUNT];
        Arrays.setAll(result, i -> operator.applyAsLong(totals[i], other.totals[i]));
        return new CounterSnapshot(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CounterSnapshot that && Arrays.equals(totals, that.totals);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(totals);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (Counter counter : Counter.values()) {
            if (get(counter) != 0) {
                text.append(text.length() == 1 ? "" : ", ")
                        .append(counter.key())
                        .append('=');
                text.append(get(counter));
            }
        }
        return text.append('}').toString();
    }
}
