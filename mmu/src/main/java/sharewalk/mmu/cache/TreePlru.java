package sharewalk.mmu.cache;

/// Tree pseudo-LRU: a binary tree of one-bit nodes over the ways of a set, each pointing to the half that goes next.
///
/// A fill or hit turns every node on the way's path away from it. Needs 2^n ways.
public final class TreePlru implements ReplacementPolicy {
    private final int ways;

    /// Node `i` of a set has the children `2i` and `2i + 1`; 1 is the root; ways are the nodes `ways` and up.
    private final boolean[] pointsToUpperHalf;

    public TreePlru(int sets, int ways) {
        if (Integer.bitCount(ways) != 1) {
            throw new IllegalArgumentException("tree-PLRU needs a power of two of ways, not " + ways);
        }
        this.ways = ways;
        pointsToUpperHalf = new boolean[sets * ways];
    }

    @Override
    public void filled(int set, int way) {
        touched(set, way);
    }

    @Override
    public void touched(int set, int way) {
        int base = set * ways;
        for (int node = ways + way; node > 1; node >>= 1) {
            pointsToUpperHalf[base + (node >> 1)] = (node & 1) == 0;
        }
    }

    @Override
    public int victim(int set) {
        int base = set * ways;
        int node = 1;
        while (node < ways) {
            node = 2 * node + (pointsToUpperHalf[base + node] ? 1 : 0);
        }
        return node - ways;
    }

    @Override
    public void evicted(int set) {}

    @Override
    public boolean hitsMatter() {
        return true;
    }
}
