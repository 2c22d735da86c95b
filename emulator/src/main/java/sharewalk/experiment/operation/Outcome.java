package sharewalk.experiment.operation;

/// What came of an operation under a design.
public sealed interface Outcome {
    /// Made, by so many processes.
    ///
    /// @param how in what way, where there are several; else empty
    record Made(int processes, String how) implements Outcome {}

    /// Refused by the kernel.
    ///
    /// @param error the name of the error
    /// @param how in what way it was tried, where there are several; else empty
    record Refused(String error, String how) implements Outcome {}

    /// Not there under the design, or with these sharers, for the reason that a phrase gives.
    record Absent(String reason) implements Outcome {}

    /// Returns the outcome in a few words.
    default String describe() {
        return switch (this) {
            case Made(int processes, String how)
            when how.isEmpty() -> processes == 1 ? "by 1 process" : "by %d processes".formatted(processes);
            case Made(int processes, String how) -> "by %d, %s".formatted(processes, how);
            case Refused(String error, String how) when how.isEmpty() -> "refused: " + error;
            case Refused(String error, String how) -> "refused: %s, %s".formatted(error, how);
            case Absent(String reason) -> "not there: " + reason;
        };
    }
}
