package sharewalk.mmu.count;

/// A map from virtual addresses to the counters charged for them: disjoint ranges, and one bucket for every other
/// address. Looking up neither allocates nor locks; the range found last is tried first.
public final class CounterMap {
    private final long[] starts;
    private final long[] ends;
    private final Counters[] buckets;
    private final Counters other;
    private int last;

    private CounterMap(long[] starts, long[] ends, Counters[] buckets, Counters other) {
        this.starts = starts;
        this.ends = ends;
        this.buckets = buckets;
        this.other = other;
    }

    /// Returns a map of the ranges `[starts[i], ends[i])` to `buckets[i]`.
    ///
    /// Preconditions: the three arrays have one length; the ranges are not empty, ascending and disjoint as signed
    /// numbers.
    public static CounterMap of(long[] starts, long[] ends, Counters[] buckets, Counters other) {
        if (starts.length != ends.length || starts.length != buckets.length) {
            throw new IllegalArgumentException("arrays of different lengths");
        }
        for (int i = 0; i < starts.length; i++) {
            if (starts[i] >= ends[i] || (i > 0 && starts[i] < ends[i - 1])) {
                throw new IllegalArgumentException(
                        "range %d [%#x, %#x) is empty or out of order".formatted(i, starts[i], ends[i]));
            }
        }
        return new CounterMap(starts.clone(), ends.clone(), buckets.clone(), other);
    }

    /// Returns a map that charges every address to `all`.
    public static CounterMap all(Counters all) {
        return of(new long[0], new long[0], new Counters[0], all);
    }

    /// Returns the counters charged for an address.
    public Counters at(long virtAddr) {
        int hit = last;
        if (hit < starts.length && virtAddr >= starts[hit] && virtAddr < ends[hit]) {
            return buckets[hit];
        }
        return search(virtAddr);
    }

    /// Returns the counters of the addresses outside every range.
    public Counters other() {
        return other;
    }

    private Counters search(long virtAddr) {
        int low = 0;
        int high = starts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (virtAddr < starts[middle]) {
                high = middle - 1;
            } else if (virtAddr >= ends[middle]) {
                low = middle + 1;
            } else {
                last = middle;
                return buckets[middle];
            }
        }
        return other;
    }
}
