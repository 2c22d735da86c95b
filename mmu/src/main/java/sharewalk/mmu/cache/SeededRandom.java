package sharewalk.mmu.cache;

/// A random way goes, drawn from a generator of this structure's own.
///
/// The generator (a Weyl sequence through a 64-bit mixer, as `SplittableRandom` has it) advances once per victim
/// taken from a full set and by nothing else, so that equal misses give equal victims in every mode.
public final class SeededRandom implements ReplacementPolicy {
    private final int ways;
    private long state;

    /// Preconditions: `seed` belongs to this structure alone ([HartSeed#of]).
    public SeededRandom(int ways, long seed) {
        this.ways = ways;
        state = seed;
    }

    @Override
    public void filled(int set, int way) {}

    @Override
    public void touched(int set, int way) {}

    @Override
    public int victim(int set) {
        return (int) (((HartSeed.mix(state) >>> 32) * ways) >>> 32);
    }

    @Override
    public void evicted(int set) {
        state += HartSeed.STEP;
    }

    @Override
    public boolean hitsMatter() {
        return false;
    }
}
