package sharewalk.mmu.tlb;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.cache.PolicyKind;
import sharewalk.mmu.cache.SetAssociativeStore;
import sharewalk.mmu.paging.PageSize;

/// The shape of one array of a TLB, written `16x4:fifo` or `16x4:fifo@4K,2M`: sets, ways, replacement policy, and the
/// page sizes it holds, all unless named. A page's set is its number, in pages of its own size, mod sets.
public record TlbArrayGeometry(int sets, int ways, PolicyKind policy, Set<PageSize> sizes) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,7})x([0-9]{1,7}):([a-z]+)(?:@([0-9KMGT,]+))?");
    private static final int MOST_ENTRIES = 1 << 20;

    public TlbArrayGeometry {
        if (sizes.isEmpty()) {
            throw new IllegalArgumentException("a TLB array needs at least one page size");
        }
        sizes = Collections.unmodifiableSet(EnumSet.copyOf(sizes));
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

    /// Returns an array for pages of every size.
    public static TlbArrayGeometry ofAllSizes(int sets, int ways, PolicyKind policy) {
        return new TlbArrayGeometry(sets, ways, policy, EnumSet.allOf(PageSize.class));
    }

    /// Returns the geometry written as `text`.
    public static TlbArrayGeometry parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("TLB geometry '" + text
                    + "' is not SETSxWAYS:POLICY, for example 16x4:fifo, with @4K,2M for some page sizes only");
        }
        return new TlbArrayGeometry(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                PolicyKind.parse(matcher.group(3)),
                sizes(matcher.group(4)));
    }

    private static Set<PageSize> sizes(@Nullable String text) {
        if (text == null) {
            return EnumSet.allOf(PageSize.class);
        }
        Set<PageSize> sizes = EnumSet.noneOf(PageSize.class);
        for (String size : text.split(",", -1)) {
            sizes.add(PageSize.parse(size));
        }
        return sizes;
    }

    /// Returns whether the array holds pages of every size.
    public boolean holdsEverySize() {
        return sizes.size() == PageSize.values().length;
    }

    /// Returns the smallest size it holds.
    public PageSize smallest() {
        return sizes.iterator().next();
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
        String shape = sets + "x" + ways + ":" + policy;
        return holdsEverySize()
                ? shape
                : shape + "@" + sizes.stream().map(PageSize::toString).collect(Collectors.joining(","));
    }
}
