package sharewalk.mmu.count;

/// Running totals of the entries that counted walks needed, by the level of the table and by where each was found.
/// Recording neither allocates nor locks.
public final class WalkBreakdown {
    /// The number of table levels there can be.
    public static final int MOST_LEVELS = 5;

    private static final int SOURCES = EntrySource.values().length;

    private final long[] totals = new long[MOST_LEVELS * SOURCES];

    /// Counts one entry of a table of `level`.
    public void record(int level, EntrySource source) {
        totals[level * SOURCES + source.index()]++;
    }

    /// Returns the total so far.
    public long get(int level, EntrySource source) {
        return totals[level * SOURCES + source.index()];
    }

    /// Returns the number of entries of a level that were read, from wherever; those that a walk cache held were not.
    public long steps(int level) {
        long sum = 0;
        for (EntrySource source : EntrySource.values()) {
            sum += source == EntrySource.WALK_CACHE ? 0 : get(level, source);
        }
        return sum;
    }

    /// Adds every total of `other` to this one's.
    public void addAll(WalkBreakdown other) {
        for (int i = 0; i < totals.length; i++) {
            totals[i] += other.totals[i];
        }
    }
}
