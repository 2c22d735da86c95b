package sharewalk.mmu.table;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The list of every debt not yet redeemed. It must be empty before any hart resumes.
public final class InvalidationLedger {
    private final List<PendingInvalidation> outstanding = new ArrayList<>();
    private @Nullable LedgerWatcher watcher;

    /// Tells a watcher of every debt from now on.
    public void watch(LedgerWatcher newWatcher) {
        watcher = newWatcher;
    }

    void enter(PendingInvalidation pending) {
        outstanding.add(pending);
        if (watcher != null) {
            watcher.entered(pending);
        }
    }

    void merge(PendingInvalidation part, PendingInvalidation whole) {
        strike(part);
        if (watcher != null) {
            watcher.merged(part, whole);
        }
    }

    void redeem(PendingInvalidation pending) {
        strike(pending);
        if (watcher != null) {
            watcher.redeemed(pending);
        }
    }

    private void strike(PendingInvalidation pending) {
        // The newest debt is nearly always the one redeemed.
        for (int i = outstanding.size() - 1; i >= 0; i--) {
            if (outstanding.get(i) == pending) {
                outstanding.remove(i);
                return;
            }
        }
        throw new IllegalStateException("not in this ledger, or redeemed before: " + pending);
    }

    /// Returns the number of debts.
    public int outstanding() {
        return outstanding.size();
    }

    /// Throws when a change of a table was forgotten.
    public void requireEmpty() {
        if (!outstanding.isEmpty()) {
            throw new IllegalStateException("changes of page tables not redeemed: " + outstanding);
        }
    }
}
