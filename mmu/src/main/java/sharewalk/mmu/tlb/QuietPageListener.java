package sharewalk.mmu.tlb;

/// A listener told when a page stops being quiet in a TLB.
///
/// A page is *quiet* while an access to it cannot change the TLB's state. Under FIFO and random every resident page is
/// quiet; under LRU and tree-PLRU only the page touched last in its set is. Whoever answers accesses to quiet pages in
/// the TLB's place misses nothing, as long as he stops at once when told.
///
/// Implementations must not call back into the TLB or its owner.
public interface QuietPageListener {
    /// Stands for every address space, where a global page stops being quiet.
    int ANY_ASID = -1;

    /// A listener that ignores everything.
    QuietPageListener NONE = new QuietPageListener() {
        @Override
        public void noLongerQuiet(int asid, long virtAddr, long sizeBytes) {}

        @Override
        public void allNoLongerQuiet() {}
    };

    /// Tells that the page `[virtAddr, virtAddr + sizeBytes)` of `asid` ([#ANY_ASID] for a global one) has been
    /// evicted or invalidated, whether it was quiet or not.
    void noLongerQuiet(int asid, long virtAddr, long sizeBytes);

    /// Tells that a page is no longer the last one touched in its set, but still resident. Only where hits matter.
    ///
    /// @param set a number of the set, less than the entries of this TLB and the same for no other set of it
    default void overtaken(int set, int asid, long virtAddr, long sizeBytes) {
        noLongerQuiet(asid, virtAddr, sizeBytes);
    }

    /// Tells that a page has become the last one touched in its set. Only where hits matter.
    default void touchedLast(int set, int asid, long virtAddr, long sizeBytes) {}

    /// Tells that many pages at once may have stopped being quiet: every one is to be taken for not quiet.
    void allNoLongerQuiet();
}
