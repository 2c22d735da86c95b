package sharewalk.kernel.process;

/// Guest time in nanoseconds since boot: one retired instruction is one nanosecond, by definition.
///
/// Harts run in turn but stand for harts that run together, so a round of turns takes as long as its longest turn. No
/// reading is earlier than another one made before it. When everybody sleeps, time jumps.
public final class GuestClock {
    /// The second since the epoch at which every machine boots: 1 January 2026.
    public static final long BOOT_SECONDS = 1_767_225_600L;

    private static final long SECOND = 1_000_000_000L;

    private long roundStart;
    private long turnElapsed;
    private long longestTurn;
    private long lastReading;

    /// Returns nanoseconds since boot.
    public long now() {
        lastReading = Math.max(lastReading, roundStart + turnElapsed);
        return lastReading;
    }

    /// Returns nanoseconds since the epoch.
    public long realTime() {
        return BOOT_SECONDS * SECOND + now();
    }

    /// Begins a hart's turn.
    public void beginTurn() {
        turnElapsed = 0;
    }

    /// Notes that the hart whose turn it is has retired instructions.
    public void advance(long instructions) {
        turnElapsed += instructions;
        longestTurn = Math.max(longestTurn, turnElapsed);
    }

    /// Ends the round: every hart has had its turn.
    public void endRound() {
        roundStart += longestTurn;
        turnElapsed = 0;
        longestTurn = 0;
    }

    /// Lets time pass in which nobody runs; a time that is past changes nothing.
    ///
    /// Preconditions:
    /// - between rounds
    public void jumpTo(long nanoseconds) {
        roundStart = Math.max(roundStart, nanoseconds);
    }
}
