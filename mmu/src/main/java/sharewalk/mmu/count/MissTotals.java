package sharewalk.mmu.count;

import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/// Misses and walk steps by their causes, and flushes by theirs. Recording neither allocates nor locks.
public final class MissTotals {
    private static final int FLUSH_CAUSES = FlushCause.values().length;
    private static final int FIRST_FLUSH = MissCause.COUNT * MissFigure.COUNT;
    private static final int FIRST_DROPPED = FIRST_FLUSH + FLUSH_CAUSES;

    private final long[] totals;

    private MissTotals(long[] totals) {
        this.totals = totals;
    }

    public MissTotals() {
        this(new long[FIRST_DROPPED + FLUSH_CAUSES]);
    }

    /// Counts one or more misses or steps.
    public void record(MissCause cause, MissFigure figure, long times) {
        totals[cause.index() * MissFigure.COUNT + figure.index()] += times;
    }

    /// Counts one flush that dropped a number of TLB entries.
    public void recordFlush(FlushCause cause, long dropped) {
        totals[FIRST_FLUSH + cause.index()]++;
        totals[FIRST_DROPPED + cause.index()] += dropped;
    }

    /// Returns the misses or steps of one cause.
    public long get(MissCause cause, MissFigure figure) {
        return totals[cause.index() * MissFigure.COUNT + figure.index()];
    }

    /// Returns how often a hart was told to forget something for one cause.
    public long flushes(FlushCause cause) {
        return totals[FIRST_FLUSH + cause.index()];
    }

    /// Returns how many TLB entries were dropped for one cause.
    public long dropped(FlushCause cause) {
        return totals[FIRST_DROPPED + cause.index()];
    }

    /// Returns the misses or steps of every cause but [MissCause#SPARED]: what was counted.
    public long counted(MissFigure figure) {
        long sum = 0;
        for (MissCause cause : MissCause.values()) {
            sum += cause == MissCause.SPARED ? 0 : get(cause, figure);
        }
        return sum;
    }

    /// Returns the misses or steps that there would have been without any flush.
    public long unflushed(MissFigure figure) {
        long sum = 0;
        for (MissCause cause : MissCause.values()) {
            sum += cause.isByFlush() ? 0 : get(cause, figure);
        }
        return sum;
    }

    /// Adds every total of `other` to this one's.
    void addAll(MissTotals other) {
        for (int i = 0; i < totals.length; i++) {
            totals[i] += other.totals[i];
        }
    }

    /// Returns the sums of both.
    public MissTotals plus(MissTotals other) {
        return combine(other, Long::sum);
    }

    /// Returns what happened since `earlier`.
    public MissTotals minus(MissTotals earlier) {
        return combine(earlier, (now, before) -> now - before);
    }

    /// Returns a copy that later events do not change.
    public MissTotals copy() {
        return new MissTotals(totals.clone());
    }

    private MissTotals combine(MissTotals other, LongBinaryOperator operator) {
        long[] result = new long[totals.length];
        Arrays.setAll(result, i -> operator.applyAsLong(totals[i], other.totals[i]));
        return new MissTotals(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MissTotals that && Arrays.equals(totals, that.totals);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(totals);
    }
}
