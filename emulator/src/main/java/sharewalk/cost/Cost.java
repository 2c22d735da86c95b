package sharewalk.cost;

/// What one operation takes, in cycles of the machine's clock: a range, and the figure most likely.
///
/// @param source where the figures come from; for a guess, what it rests on
/// @param isGuess whether no source gives the figure for this machine or one close to it
public record Cost(long low, long typical, long high, String source, boolean isGuess) {
    public Cost {
        if (low < 0 || low > typical || typical > high) {
            throw new IllegalArgumentException(
                    "a cost is 0 <= low <= typical <= high, not %d, %d, %d".formatted(low, typical, high));
        }
        if (source.isBlank()) {
            throw new IllegalArgumentException("a cost of %d cycles has no source".formatted(typical));
        }
    }

    /// Returns a cost that a source gives.
    public static Cost of(long low, long typical, long high, String source) {
        return new Cost(low, typical, high, source, false);
    }

    /// Returns a cost that no source gives, and what it rests on.
    public static Cost guess(long low, long typical, long high, String restsOn) {
        return new Cost(low, typical, high, restsOn, true);
    }

    /// Returns the range for `times` operations.
    public Cycles times(long times) {
        return new Cycles(low * times, typical * times, high * times);
    }
}
