package sharewalk.experiment.operation;

import sharewalk.experiment.Measures;
import sharewalk.mmu.count.CounterSnapshot;

/// What an operation took, and what it left behind.
///
/// @param during everything counted while it was made, in every process that took part; nothing if it was not made
/// @param aftermath what two rounds through everyone's working set took more than undisturbed ones; may be negative
///     where a TLB's victims fall otherwise
/// @param isSettled whether the second of these rounds walked and faulted as often as an undisturbed one
public record OperationCost(
        Operation operation, Outcome outcome, Measures during, CounterSnapshot aftermath, boolean isSettled) {

    /// Returns whether there is anything to show.
    public boolean isMade() {
        return outcome instanceof Outcome.Made;
    }
}
