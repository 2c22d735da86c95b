package sharewalk.kernel.fs.device;

import java.nio.ByteBuffer;

/// The machine's random bytes: a SplitMix64 sequence that the seed of the run determines.
///
/// Everything that gives guests randomness (/dev/urandom, getrandom(2)) draws from one of these, in the order
/// asked.
public final class GuestRandom {
    private static final long STEP = 0x9e37_79b9_7f4a_7c15L;

    private long state;

    /// Creates the sequence of a seed.
    public GuestRandom(long seed) {
        state = seed;
    }

    /// Returns the next 64 bits.
    public long next() {
        state += STEP;
        long mixed = (state ^ state >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }

    /// Fills the rest of a buffer.
    public void fill(ByteBuffer into) {
        while (into.hasRemaining()) {
            long bits = next();
            for (int count = Math.min(into.remaining(), Long.BYTES); count > 0; count--) {
                into.put((byte) bits);
                bits >>>= 8;
            }
        }
    }
}
