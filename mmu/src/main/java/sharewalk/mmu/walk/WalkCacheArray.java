package sharewalk.mmu.walk;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sharewalk.mmu.cache.PolicyKind;
import sharewalk.mmu.cache.SetAssociativeStore;

/// The shape of one array of a page-walk cache, written `8x4:plru` (sets, ways, replacement policy), or `32` where it
/// is fully associative with LRU replacement. It may have no entries (`0`).
public record WalkCacheArray(int sets, int ways, PolicyKind policy) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,6})|([0-9]{1,6})x([0-9]{1,6}):([a-z]+)");
    private static final int MOST_ENTRIES = 1 << 16;

    public WalkCacheArray {
        if (sets < 1 || ways < 0 || (ways == 0 && sets > 1)) {
            throw new IllegalArgumentException(
                    "a walk cache needs at least one set and one way, not " + sets + "x" + ways);
        }
        if ((long) sets * ways > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "a walk cache holds 0 to " + MOST_ENTRIES + " entries per array, not " + (long) sets * ways);
        }
        if (policy == PolicyKind.PLRU && Integer.bitCount(ways) != 1) {
            throw new IllegalArgumentException("plru needs a power of two of ways, not " + ways);
        }
    }

    /// Returns an array of one set, LRU.
    public static WalkCacheArray fullyAssociative(int entries) {
        return new WalkCacheArray(1, entries, PolicyKind.LRU);
    }

    static WalkCacheArray parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("walk cache '" + text
                    + "' is neither a number of entries nor SETSxWAYS:POLICY, for example 32 or 8x4:plru");
        }
        if (matcher.group(1) != null) {
            return fullyAssociative(Integer.parseInt(matcher.group(1)));
        }
        return new WalkCacheArray(
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                PolicyKind.parse(matcher.group(4)));
    }

    /// Returns the number of entries.
    public int entries() {
        return sets * ways;
    }

    /// Returns a fresh, empty store of this shape.
    ///
    /// Preconditions: it has entries.
    SetAssociativeStore store(long seed) {
        return new SetAssociativeStore(sets, ways, policy.policy(sets, ways, seed));
    }

    @Override
    public String toString() {
        return sets == 1 && policy == PolicyKind.LRU ? Integer.toString(ways) : sets + "x" + ways + ":" + policy;
    }
}
