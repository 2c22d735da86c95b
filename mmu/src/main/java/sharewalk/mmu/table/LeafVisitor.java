package sharewalk.mmu.table;

/// A visitor of mapped leaves, held ones (without rights) included, in ascending order of address.
@FunctionalInterface
public interface LeafVisitor {
    /// Visits the leaf whose first byte is at `virtAddr`.
    void leaf(long virtAddr, long pte, int level);
}
