package sharewalk.kernel.fs;

/// The clock that stamps files: guest time, a function of what has run, never the host's clock.
@FunctionalInterface
public interface FileClock {
    /// Returns nanoseconds since the epoch.
    long nanoseconds();
}
