package sharewalk.support;

import java.util.Arrays;
import java.util.function.LongPredicate;

/// A TLB written to be obviously right: ways in an array, time stamps, one method for a hit and one for a miss. It
/// shares no code with the modelled ones.
final class NaiveTlb {
    /// Belongs to nothing.
    static final long NO_KEY = -2;

    private static final long FREE = -1;

    private final int ways;
    private final String policy;
    private final long[][] keys;
    private final boolean[][] dirty;
    private final long[][] filledAt;
    private final long[][] usedAt;
    private final boolean[][] treePointsRight;
    private long randomState;
    private long time;

    NaiveTlb(int sets, int ways, String policy, long seed) {
        this.ways = ways;
        this.policy = policy;
        keys = new long[sets][ways];
        for (long[] set : keys) {
            Arrays.fill(set, FREE);
        }
        dirty = new boolean[sets][ways];
        filledAt = new long[sets][ways];
        usedAt = new long[sets][ways];
        treePointsRight = new boolean[sets][ways];
        randomState = seed;
    }

    private int set(long page) {
        return (int) Long.remainderUnsigned(page, keys.length);
    }

    /// Returns the way of a page, or -1.
    int find(long page, long key) {
        for (int way = 0; way < ways; way++) {
            if (keys[set(page)][way] == key) {
                return way;
            }
        }
        return -1;
    }

    void use(long page, int way) {
        usedAt[set(page)][way] = ++time;
        turnTreeAwayFrom(set(page), way);
    }

    boolean isDirty(long page, int way) {
        return dirty[set(page)][way];
    }

    void makeDirty(long page, long key) {
        int way = find(page, key);
        if (way >= 0) {
            dirty[set(page)][way] = true;
        }
    }

    void fill(long page, long key, boolean isDirty, long keptKey) {
        int set = set(page);
        int way = find(page, FREE);
        if (way < 0) {
            way = victim(set);
            if (keys[set][way] == keptKey) {
                way = (way + 1) % ways;
            }
            randomState += 0x9E37_79B9_7F4A_7C15L;
        }
        keys[set][way] = key;
        dirty[set][way] = isDirty;
        filledAt[set][way] = ++time;
        use(page, way);
    }

    private int victim(int set) {
        return switch (policy) {
            case "fifo" -> oldest(filledAt[set]);
            case "lru" -> oldest(usedAt[set]);
            case "plru" -> treeVictim(set);
            default -> (int) (((mixed(randomState) >>> 32) * ways) >>> 32);
        };
    }

    private static int oldest(long[] stamps) {
        int oldest = 0;
        for (int way = 1; way < stamps.length; way++) {
            if (stamps[way] < stamps[oldest]) {
                oldest = way;
            }
        }
        return oldest;
    }

    private int treeVictim(int set) {
        int low = 0;
        int node = 1;
        for (int half = ways / 2; half > 0; half /= 2) {
            boolean right = treePointsRight[set][node];
            low += right ? half : 0;
            node = 2 * node + (right ? 1 : 0);
        }
        return low;
    }

    private void turnTreeAwayFrom(int set, int way) {
        int node = 1;
        for (int half = ways / 2; half > 0; half /= 2) {
            boolean inRight = (way & half) != 0;
            treePointsRight[set][node] = !inRight;
            node = 2 * node + (inRight ? 1 : 0);
        }
    }

    void drop(LongPredicate which) {
        for (long[] set : keys) {
            for (int way = 0; way < ways; way++) {
                if (set[way] != FREE && which.test(set[way])) {
                    set[way] = FREE;
                }
            }
        }
    }

    /// The documented seed of a structure on a hart.
    static long seed(long seed, int hart, String name) {
        long mixed = mixed(seed + 0x9E37_79B9_7F4A_7C15L * (hart + 1L));
        for (int i = 0; i < name.length(); i++) {
            mixed = mixed(mixed + 0x9E37_79B9_7F4A_7C15L * (name.charAt(i) + 1L));
        }
        return mixed;
    }

    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }
}
