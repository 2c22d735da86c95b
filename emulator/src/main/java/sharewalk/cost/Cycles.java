package sharewalk.cost;

/// A number of cycles: at least, most likely, and at most.
public record Cycles(long low, long typical, long high) {
    /// None.
    public static final Cycles ZERO = new Cycles(0, 0, 0);

    /// Returns the sum of both.
    public Cycles plus(Cycles other) {
        return new Cycles(low + other.low, typical + other.typical, high + other.high);
    }
}
