package sharewalk.mmu.walk;

/// Whoever says which cached table entries are still what the tables say.
public interface TableJudge {
    /// Returns whether the entry of `level` on the way to `virtAddr` in an address space still leads to this table with
    /// these [Rights].
    boolean leadsTo(int asid, long virtAddr, int level, long tableAndRights);

    /// Returns whether an entry still lies at a physical address.
    boolean liesAt(long entryAddress, long entry);
}
