package sharewalk.mmu.table;

/// A change of one leaf, held ones (without rights) included.
@FunctionalInterface
public interface LeafEdit {
    /// Returns the new entry: a leaf of the same level, or `pte` itself for no change.
    long edit(long virtAddr, long pte, int level);
}
