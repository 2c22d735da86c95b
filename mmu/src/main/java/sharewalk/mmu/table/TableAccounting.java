package sharewalk.mmu.table;

/// A listener that keeps account of the table pages of one table or shared subtree, roots included.
public interface TableAccounting {
    /// An account that is not kept.
    TableAccounting NONE = new TableAccounting() {
        @Override
        public void tableAllocated(int level, long virtAddr) {}

        @Override
        public void tableFreed(int level, long virtAddr) {}
    };

    /// Tells that a table page of `level` was linked to translate addresses around `virtAddr` (0 for the top page of
    /// a shared subtree, which has no address of its own).
    void tableAllocated(int level, long virtAddr);

    /// Tells that a table page was unlinked. Its frame comes back when the change is redeemed.
    void tableFreed(int level, long virtAddr);
}
