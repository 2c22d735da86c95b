package sharewalk.mmu.paging;

/// The translations a hart is asked to forget. `tables` says that cached table entries (walk caches) go too, not only
/// leaf translations.
public sealed interface InvalidationScope {
    /// One page of one address space.
    record Page(int asid, long virtAddr, boolean tables) implements InvalidationScope {}

    /// The addresses `[start, end)` of one address space.
    record Range(int asid, long start, long end, boolean tables) implements InvalidationScope {
        public Range {
            if (start >= end) {
                throw new IllegalArgumentException("empty range [%#x, %#x)".formatted(start, end));
            }
        }
    }

    /// Everything of one address space except global translations, tables included.
    record Asid(int asid) implements InvalidationScope {}

    /// Everything, global translations and tables included.
    record All() implements InvalidationScope {}
}
