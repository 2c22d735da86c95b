package sharewalk.mmu.table;

/// A listener that keeps account of the table pages of one table or shared subtree, roots included, and of the entries
/// that software reads and writes through one table.
public interface TableAccounting {
    /// An account that is not kept.
    TableAccounting NONE = new TableAccounting() {
        @Override
        public void tableAllocated(int level, long virtAddr) {}

        @Override
        public void tableFreed(int level, long virtAddr) {}

        @Override
        public void tableGivenAway(int level, long virtAddr) {}

        @Override
        public void tableTakenOver(int level, long virtAddr) {}

        @Override
        public void tableCopied(long virtAddr) {}

        @Override
        public void entriesRead(long virtAddr, int entries) {}

        @Override
        public void entryWritten(long virtAddr) {}
    };

    /// Tells that a table page of `level` was linked to translate addresses around `virtAddr` (0 for the top page of
    /// a shared subtree, which has no address of its own).
    void tableAllocated(int level, long virtAddr);

    /// Tells that a table page was unlinked. Its frame comes back when the change is redeemed.
    void tableFreed(int level, long virtAddr);

    /// Tells that a table page has another owner now, on another account: nothing was freed.
    void tableGivenAway(int level, long virtAddr);

    /// Tells that a table page that another owner had is on this account now: nothing was allocated. `virtAddr` is that
    /// of the table that shares or reclaims it.
    void tableTakenOver(int level, long virtAddr);

    /// Tells that a shared table page was replaced by an own copy. The new page, the entries read and written, and the
    /// end of the old page if it has one, are told apart.
    void tableCopied(long virtAddr);

    /// Tells that entries were read to reach or to look at the translation of an address: one at each level of a
    /// descent, one for each entry that a pass over a range comes to, absent ones included.
    void entriesRead(long virtAddr, int entries);

    /// Tells that an entry on the way to the translation of an address was written, whatever it held.
    void entryWritten(long virtAddr);
}
