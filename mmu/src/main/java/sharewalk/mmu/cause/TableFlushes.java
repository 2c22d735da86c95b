package sharewalk.mmu.cause;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.EntrySource;
import sharewalk.mmu.count.MissCause;
import sharewalk.mmu.walk.WalkResult;

/// Which flushes have dropped table entries from a hart's walk cache since a walk last went through them.
final class TableFlushes {
    private static final int PAGE_SHIFT = 12;
    private static final int LEVEL_BITS = 9;
    private static final int SPACE_SHIFT = 48;
    private static final int LEVEL_FIELD = 3;
    private static final long VPN_MASK = (1L << 45) - 1;

    private static final class Times {
        private final long[] byCause = new long[MissCause.COUNT];
    }

    /// When each space was last flushed for each cause.
    private @Nullable Times[] lastFlushes = new @Nullable Times[16];

    private final Times lastOfAll = new Times();
    private final LongTable lastWalks = new LongTable();
    private long time;

    /// Returns what stands for a table entry of `level` on the way to an address, `level` being above 0.
    static long key(int space, long virtAddr, int level) {
        long block = (virtAddr >>> PAGE_SHIFT & VPN_MASK) >>> (LEVEL_BITS * level);
        return (long) space << SPACE_SHIFT | block << LEVEL_FIELD | level;
    }

    /// Returns the size, as a shift, of what a table entry of a level translates.
    static int shiftOf(int level) {
        return PAGE_SHIFT + LEVEL_BITS * level;
    }

    /// Returns the level of the lowest table entry that a walk has found in the walk cache, or else that above its
    /// first step's.
    static int lowestCached(WalkResult walk) {
        int level = walk.entryLevel(0) + 1;
        for (int i = 0; i < walk.steps(); i++) {
            level = walk.source(i) == EntrySource.WALK_CACHE ? walk.entryLevel(i) : level;
        }
        return level;
    }

    /// Notes a flush that has dropped entries: of a space, or of all if it is [Spaces#NONE].
    void flushed(int space, MissCause cause) {
        time++;
        if (space == Spaces.NONE) {
            lastOfAll.byCause[cause.index()] = time;
            return;
        }
        if (space >= lastFlushes.length) {
            lastFlushes = Arrays.copyOf(lastFlushes, Math.max(space + 1, 2 * lastFlushes.length));
        }
        Times ofSpace = lastFlushes[space];
        if (ofSpace == null) {
            ofSpace = new Times();
            lastFlushes[space] = ofSpace;
        }
        ofSpace.byCause[cause.index()] = time;
    }

    /// Notes that a walk has gone through an entry, or past it to one below.
    void walked(long key) {
        lastWalks.put(key, time);
    }

    /// Returns the cause of the flushes since a walk last went through an entry: [MissCause#SEVERAL] for more than one,
    /// [MissCause#INDIRECT] for none.
    MissCause since(long key) {
        long walked = lastWalks.get(key);
        int space = (int) (key >>> SPACE_SHIFT);
        Times ofSpace = space < lastFlushes.length ? lastFlushes[space] : null;
        int mark = Marked.NO_MARK;
        for (int i = 0; i < MissCause.COUNT; i++) {
            if (lastOfAll.byCause[i] > walked || (ofSpace != null && ofSpace.byCause[i] > walked)) {
                mark = Marked.joined(mark, MissCause.ofIndex(i));
            }
        }
        return Marked.cause(mark);
    }

    /// Forgets a space, whose id is given away.
    void forget(int space) {
        if (space < lastFlushes.length) {
            lastFlushes[space] = null;
        }
    }
}
