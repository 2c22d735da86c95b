package sharewalk.mmu.count;

/// A quantity that rises and falls, and the highest it has been.
public final class PeakGauge {
    private long current;
    private long peak;
    private long recentPeak;

    /// Changes the quantity.
    public void add(long delta) {
        current += delta;
        peak = Math.max(peak, current);
        recentPeak = Math.max(recentPeak, current);
    }

    /// Returns the quantity now.
    public long current() {
        return current;
    }

    /// Returns the highest quantity so far.
    public long peak() {
        return peak;
    }

    /// Returns the highest quantity since the last [#restart].
    public long recentPeak() {
        return recentPeak;
    }

    /// Begins the recent peak anew, from the quantity now.
    public void restart() {
        recentPeak = current;
    }
}
