package sharewalk.experiment;

import sharewalk.mmu.count.CounterSnapshot;

/// What was measured of something: events, and page-table bytes at their highest.
///
/// @param pageTableBytesPeak all its table pages
/// @param sharedPageTableBytesPeak those of them that several address spaces can see, each counted once
public record Measures(CounterSnapshot counts, long pageTableBytesPeak, long sharedPageTableBytesPeak) {
    /// Nothing.
    public static final Measures ZERO = new Measures(CounterSnapshot.ZERO, 0, 0);

    /// Returns the sums of both. The sum of two peaks is no less than the peak of the sum.
    public Measures plus(Measures other) {
        return new Measures(
                counts.plus(other.counts),
                pageTableBytesPeak + other.pageTableBytesPeak,
                sharedPageTableBytesPeak + other.sharedPageTableBytesPeak);
    }

    /// Returns one figure.
    public long get(Metric metric) {
        return metric.of(this);
    }
}
