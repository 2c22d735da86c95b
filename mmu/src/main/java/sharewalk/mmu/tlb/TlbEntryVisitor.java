package sharewalk.mmu.tlb;

/// A visitor of TLB entries, for checks and dumps.
public interface TlbEntryVisitor {
    /// Receives an entry: its [TlbTag] and the translation inserted with it.
    void visit(long tag, long translation);
}
