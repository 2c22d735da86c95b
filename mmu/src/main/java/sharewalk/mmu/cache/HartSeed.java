package sharewalk.mmu.cache;

/// The seed of one hart's random choices: the experiment's seed and the hart's number.
public record HartSeed(long seed, int hart) {

    /// 2^64 divided by the golden ratio, odd: steps through every 64-bit number.
    static final long STEP = 0x9E37_79B9_7F4A_7C15L;

    /// Returns the seed of the structure called `name` ("l1d") on this hart.
    public long of(String name) {
        long mixed = mix(seed + STEP * (hart + 1L));
        for (int i = 0; i < name.length(); i++) {
            mixed = mix(mixed + STEP * (name.charAt(i) + 1L));
        }
        return mixed;
    }

    /// Returns `value` with every bit depending on every bit (the finalizer of MurmurHash3 with Stafford's constants).
    static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }
}
