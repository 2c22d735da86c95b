package sharewalk.mmu.tlb;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sharewalk.mmu.cache.SetAssociativeStore;

/// The shape of a TLB, written `16x4:fifo`: sets, ways, replacement policy. A page's set is its number mod sets.
public record TlbGeometry(int sets, int ways, PolicyKind policy) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,7})x([0-9]{1,7}):([a-z]+)");
    private static final int MOST_ENTRIES = 1 << 20;

    public TlbGeometry {
        if (sets < 1 || ways < 1) {
            throw new IllegalArgumentException("a TLB needs at least one set and one way, not " + sets + "x" + ways);
        }
        if ((long) sets * ways > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "a TLB of " + sets + "x" + ways + " has more than " + MOST_ENTRIES + " entries");
        }
        if (policy == PolicyKind.PLRU && Integer.bitCount(ways) != 1) {
            throw new IllegalArgumentException("plru needs a power of two of ways, not " + ways);
        }
    }

    /// Returns the geometry written as `text`.
    public static TlbGeometry parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "TLB geometry '" + text + "' is not SETSxWAYS:POLICY, for example 16x4:fifo");
        }
        return new TlbGeometry(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                PolicyKind.parse(matcher.group(3)));
    }

    /// Returns the number of entries.
    public int entries() {
        return sets * ways;
    }

    /// Returns a fresh, empty store of this shape.
    SetAssociativeStore store(long seed) {
        return new SetAssociativeStore(sets, ways, policy.policy(sets, ways, seed));
    }

    @Override
    public String toString() {
        return sets + "x" + ways + ":" + policy;
    }
}
