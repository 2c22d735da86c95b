package sharewalk.cpu;

/// The frames that hold code some hart has translated.
public interface CodeFrames {
    /// Forgets, on every hart, code translated from a frame.
    ///
    /// Preconditions:
    /// - no hart is running
    void discard(long pfn);
}
