package sharewalk.kernel.mm;

/// What must be told before pages of a file are written, by whatever way: no entry of any table lets a watched page be
/// stored to, and write(2) asks.
public interface WriteWatch {
    /// Watches nothing.
    WriteWatch NONE = new WriteWatch() {};

    /// Returns whether a page is watched.
    default boolean isWatched(long pageIndex) {
        return false;
    }

    /// Tells of a store to a watched page, at an address that a process has mapped it at; says what becomes of it.
    default FaultOutcome stored(long pageIndex, long virtAddr) {
        return new FaultOutcome.Resolved();
    }
}
