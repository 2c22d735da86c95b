package sharewalk.mmu.table;

import java.util.ArrayList;
import java.util.List;

/// The list of every debt not yet redeemed. It must be empty before any hart resumes.
public final class InvalidationLedger {
    private final List<PendingInvalidation> outstanding = new ArrayList<>();

    void enter(PendingInvalidation pending) {
        outstanding.add(pending);
    }

    void strike(PendingInvalidation pending) {
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
