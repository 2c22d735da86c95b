package sharewalk.kernel.mm;

import java.util.BitSet;

/// A giver of address-space ids: 1, 2, 3 and on; when all are used up a new generation begins and every address space
/// gets another id when it is next loaded. Id 0 is never given.
final class AsidAllocator {
    private final int limit;
    private final BitSet reserved = new BitSet();
    private int next = 1;
    private long generation = 1;

    AsidAllocator(int asidBits) {
        limit = 1 << asidBits;
    }

    /// Returns the current generation; ids of older ones are void.
    long generation() {
        return generation;
    }

    /// Returns whether the next [#allocate] would find no id left.
    boolean isUsedUp() {
        next = reserved.nextClearBit(next);
        return next >= limit;
    }

    /// Begins a new generation in which the ids in `kept` stay with their owners. Everything every hart remembers must
    /// be dropped.
    void rollOver(BitSet kept) {
        if (kept.cardinality() >= limit - 1) {
            throw new IllegalStateException("more harts than address-space ids");
        }
        generation++;
        reserved.clear();
        reserved.or(kept);
        next = 1;
    }

    /// Preconditions:
    /// - not [#isUsedUp]
    int allocate() {
        next = reserved.nextClearBit(next);
        return next++;
    }
}
