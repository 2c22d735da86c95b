package sharewalk.mmu.tlb;

/// What the tags of a hart's entries tell apart.
///
/// @param asidBits the width of address-space ids; with 0, whoever switches roots flushes
/// @param sharedDomains whether translations below a shared subtree are tagged with an id of the subtree's
/// @param sharedWalkCache whether walk-cache entries below a shared subtree are tagged so too
public record TagRules(int asidBits, boolean sharedDomains, boolean sharedWalkCache) {
    /// The narrowest ids of which some can be spared for what is shared.
    private static final int LEAST_SHARING_BITS = 8;

    public TagRules {
        if (asidBits < 0 || asidBits > Integer.bitCount(TlbTag.MAX_ASID)) {
            throw new IllegalArgumentException("an ASID has 0 to 16 bits, not " + asidBits);
        }
        if ((sharedDomains || sharedWalkCache) && asidBits < LEAST_SHARING_BITS) {
            throw new IllegalArgumentException(
                    "what is shared cannot have an id of its own where ids have %d bits; ".formatted(asidBits)
                            + "it takes %d".formatted(LEAST_SHARING_BITS));
        }
    }

    /// Returns the rules of ids of `asidBits` bits and nothing shared.
    public static TagRules ofAsids(int asidBits) {
        return new TagRules(asidBits, false, false);
    }

    /// Returns the highest address-space id.
    public int maxAsid() {
        return (1 << asidBits) - 1;
    }
}
