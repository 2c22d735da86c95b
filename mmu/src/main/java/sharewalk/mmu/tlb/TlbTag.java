package sharewalk.mmu.tlb;

/// The tag of a TLB entry, packed into a non-negative `long`: address space, virtual page, level, global or not.
///
/// From the top: a zero bit, 16 bits of ASID (0 when global), 45 bits of page number, superpage bit, global bit. A
/// superpage's level lies in its page number's low bits, which are zero otherwise.
public final class TlbTag {
    /// The highest ASID a tag can hold.
    public static final int MAX_ASID = 0xFFFF;

    private static final int PAGE_SHIFT = 12;
    private static final int LEVEL_BITS = 9;
    private static final int VPN_BITS = 45;
    private static final long VPN_MASK = (1L << VPN_BITS) - 1;
    private static final int VPN_SHIFT = 2;
    private static final int ASID_SHIFT = VPN_SHIFT + VPN_BITS;
    private static final long GLOBAL = 1;
    private static final long SUPERPAGE = 2;
    private static final long LEVEL_MASK = 7;

    private TlbTag() {}

    /// Returns the tag of the page of `level` that holds `virtAddr`.
    ///
    /// Preconditions: `0 <= asid <= MAX_ASID`, `0 <= level <= 4`, canonical address.
    public static long of(int asid, long virtAddr, int level, boolean global) {
        long owner = global ? GLOBAL : (long) asid << ASID_SHIFT;
        return owner | (level == 0 ? page(virtAddr) : superpage(virtAddr, level));
    }

    /// Returns the tag of a non-global 4 KiB page.
    static long ofPage(int asid, long virtAddr) {
        return (long) asid << ASID_SHIFT | page(virtAddr);
    }

    /// Returns the address space, or [QuietPageListener#ANY_ASID] when global.
    public static int asid(long tag) {
        return isGlobal(tag) ? QuietPageListener.ANY_ASID : (int) (tag >>> ASID_SHIFT);
    }

    /// Returns the level of the leaf: 0 for 4 KiB.
    public static int level(long tag) {
        return (tag & SUPERPAGE) == 0 ? 0 : (int) (tag >>> VPN_SHIFT & LEVEL_MASK);
    }

    /// Returns whether the entry holds in every address space.
    public static boolean isGlobal(long tag) {
        return (tag & GLOBAL) != 0;
    }

    /// Returns the page's first address.
    public static long virtAddr(long tag) {
        int unused = Long.SIZE - PAGE_SHIFT - VPN_BITS;
        long vpn = tag >>> VPN_SHIFT & VPN_MASK;
        if ((tag & SUPERPAGE) != 0) {
            vpn &= ~LEVEL_MASK;
        }
        return vpn << (PAGE_SHIFT + unused) >> unused;
    }

    /// Returns the page's size.
    public static long sizeBytes(long tag) {
        return 1L << (PAGE_SHIFT + LEVEL_BITS * level(tag));
    }

    /// Returns whether the page shares an address with `[start, end)`.
    public static boolean overlaps(long tag, long start, long end) {
        long first = virtAddr(tag);
        return first < end && start <= first + sizeBytes(tag) - 1;
    }

    /// Returns the number that selects the set of the page of `level` around `virtAddr`: its page number in pages of
    /// that size.
    static long setNumber(long virtAddr, int level) {
        return (virtAddr >>> PAGE_SHIFT & VPN_MASK) >>> (LEVEL_BITS * level);
    }

    private static long page(long virtAddr) {
        return (virtAddr >>> PAGE_SHIFT & VPN_MASK) << VPN_SHIFT;
    }

    private static long superpage(long virtAddr, int level) {
        long vpn = virtAddr >>> PAGE_SHIFT & VPN_MASK & -(1L << (LEVEL_BITS * level));
        return (vpn | level) << VPN_SHIFT | SUPERPAGE;
    }
}
