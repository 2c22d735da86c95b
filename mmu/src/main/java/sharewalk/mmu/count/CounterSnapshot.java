package sharewalk.mmu.count;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/// The totals of all counters at one moment, or the difference of two moments. An immutable value.
public final class CounterSnapshot {
    /// Nothing has happened.
    public static final CounterSnapshot ZERO = new CounterSnapshot(new long[Counters.COUNT], null);

    private final long[] totals;

    private final @Nullable MissTotals misses;

    private CounterSnapshot(long[] totals, @Nullable MissTotals misses) {
        this.totals = totals;
        this.misses = misses;
    }

    /// Returns a snapshot that owns `totals`, indexed by [Counter#index()], and `misses`.
    static CounterSnapshot ofUnchecked(long[] totals, @Nullable MissTotals misses) {
        return new CounterSnapshot(totals, misses);
    }

    /// Returns the total of one counter.
    public long get(Counter counter) {
        return totals[counter.index()];
    }

    /// Returns the misses of the first-level data TLB, by loads and stores together.
    public long l1dMisses() {
        return get(Counter.L1D_LOAD_MISS) + get(Counter.L1D_STORE_MISS);
    }

    /// Returns the misses by their causes, or null if none was found out.
    public @Nullable MissTotals misses() {
        return misses;
    }

    /// Returns the sums of both.
    public CounterSnapshot plus(CounterSnapshot other) {
        MissTotals sum = misses == null ? other.misses : other.misses == null ? misses : misses.plus(other.misses);
        return combine(other, Long::sum, sum);
    }

    /// Returns what happened since `earlier`.
    public CounterSnapshot minus(CounterSnapshot earlier) {
        MissTotals difference = misses == null || earlier.misses == null ? misses : misses.minus(earlier.misses);
        return combine(earlier, (now, before) -> now - before, difference);
    }

    private CounterSnapshot combine(CounterSnapshot other, LongBinaryOperator operator, @Nullable MissTotals combined) {
        long[] result = new long[Counters.COUNT];
        Arrays.setAll(result, i -> operator.applyAsLong(totals[i], other.totals[i]));
        return new CounterSnapshot(result, combined);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CounterSnapshot that
                && Arrays.equals(totals, that.totals)
                && Objects.equals(misses, that.misses);
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
