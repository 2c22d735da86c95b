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
        public void entriesRead(long virtAddr, int entries) {}

        @Override
        public void entryWritten(long virtAddr) {}
    };

    /// Tells that a table page of `level` was linked to translate addresses around `virtAddr` (0 for the top page of
    /// a shared subtree, which has no address of its own).
    void tableAllocated(int level, long virtAddr);

    /// Tells that a table page was unlinked. Its frame comes back when the change is redeemed.
    void tableFreed(int level, long virtAddr);

    /// Tells that entries were read to reach or to look at the translation of an address: one at each level of a
    /// descent, one for each entry that a pass over a range comes to, absent ones included.
    void entriesRead(long virtAddr, int entries);

    /// Tells that an entry on the way to the translation of an address was written, whatever it held.
    void entryWritten(long virtAddr);
}
