package sharewalk.mmu.walk;

/// A visitor of what a walk cache holds wrongly.
@FunctionalInterface
public interface StaleTableVisitor {
    /// Receives something kept for a table entry of `level` that translates from `virtAddr` on: the table it leads to
    /// and the [Rights] handed down, as kept and as the tables have it (0 where they lead nowhere).
    void visit(int level, long virtAddr, long kept, long fresh);
}
