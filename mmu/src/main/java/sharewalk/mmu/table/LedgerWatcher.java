package sharewalk.mmu.table;

/// A watcher of debts. It looks and cannot change anything.
public interface LedgerWatcher {
    /// Tells that a table was changed and something may be stale for it.
    void entered(PendingInvalidation pending);

    /// Tells that a debt has become part of another.
    void merged(PendingInvalidation part, PendingInvalidation whole);

    /// Tells that whoever redeems a debt takes it that nothing stale is left.
    void redeemed(PendingInvalidation pending);
}
