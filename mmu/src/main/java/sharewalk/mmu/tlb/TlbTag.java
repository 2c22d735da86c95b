package sharewalk.mmu.tlb;

import java.util.Arrays;
import sharewalk.mmu.paging.PageSize;

/// The tag of a TLB entry, packed into a non-negative `long`: address space, virtual page, its size, global or not.
///
/// From the top: a zero bit, 16 bits of ASID (0 when global), 45 bits of page number, superpage bit, global bit. The
/// size of a page above 4 KiB, as the number of the [PageSize], lies in its page number's low bits, which are zero
/// otherwise.
public final class TlbTag {
    /// The highest ASID a tag can hold.
    public static final int MAX_ASID = 0xFFFF;

    static final int PAGE_SHIFT = 12;

    /// How many sizes of pages there are.
    static final int SIZES = PageSize.values().length;

    private static final int VPN_BITS = 45;
    private static final long VPN_MASK = (1L << VPN_BITS) - 1;
    private static final int VPN_SHIFT = 2;
    private static final int ASID_SHIFT = VPN_SHIFT + VPN_BITS;
    private static final long GLOBAL = 1;
    private static final long SUPERPAGE = 2;
    private static final long SIZE_MASK = 7;

    /// By the number of the size.
    private static final int[] SHIFTS = new int[SIZES];

    /// By shift; -1 where there is no such size.
    private static final byte[] SIZE_NUMBERS = new byte[Long.SIZE];

    static {
        Arrays.fill(SIZE_NUMBERS, (byte) -1);
        int number = 0;
        for (PageSize size : PageSize.values()) {
            SHIFTS[number] = size.shift();
            SIZE_NUMBERS[size.shift()] = (byte) number;
            number++;
        }
    }

    private TlbTag() {}

    /// Returns the tag of the page of `1 << pageShift` bytes that holds `virtAddr`.
    ///
    /// Preconditions: `0 <= asid <= MAX_ASID`, the shift of a [PageSize], canonical address.
    public static long of(int asid, long virtAddr, int pageShift, boolean global) {
        return ofSize(asid, virtAddr, sizeNumber(pageShift), global);
    }

    /// Returns the tag of a non-global 4 KiB page.
    static long ofPage(int asid, long virtAddr) {
        return (long) asid << ASID_SHIFT | page(virtAddr);
    }

    /// Returns the tag of a page of the size of that number.
    static long ofSize(int asid, long virtAddr, int sizeNumber, boolean global) {
        long owner = global ? GLOBAL : (long) asid << ASID_SHIFT;
        return owner | (sizeNumber == 0 ? page(virtAddr) : superpage(virtAddr, sizeNumber));
    }

    /// Returns the tag of the smaller page around `virtAddr` inside the page of a tag.
    static long piece(long tag, long virtAddr, int pageShift) {
        return of(isGlobal(tag) ? 0 : asid(tag), virtAddr, pageShift, isGlobal(tag));
    }

    /// Returns the address space, or [QuietPageListener#ANY_ASID] when global.
    public static int asid(long tag) {
        return isGlobal(tag) ? QuietPageListener.ANY_ASID : (int) (tag >>> ASID_SHIFT);
    }

    /// Returns the number of address bits inside the page.
    public static int pageShift(long tag) {
        return (tag & SUPERPAGE) == 0 ? PAGE_SHIFT : SHIFTS[sizeNumberOf(tag)];
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
            vpn &= ~SIZE_MASK;
        }
        return vpn << (PAGE_SHIFT + unused) >> unused;
    }

    /// Returns the page's size.
    public static long sizeBytes(long tag) {
        return 1L << pageShift(tag);
    }

    /// Returns whether the page shares an address with `[start, end)`.
    public static boolean overlaps(long tag, long start, long end) {
        return overlaps(virtAddr(tag), pageShift(tag), start, end);
    }

    /// Returns whether the page of `1 << pageShift` bytes around `virtAddr` shares an address with `[start, end)`.
    static boolean overlaps(long virtAddr, int pageShift, long start, long end) {
        long first = virtAddr & -(1L << pageShift);
        return first < end && start <= first + (1L << pageShift) - 1;
    }

    /// Returns the number that selects the set of the page around `virtAddr`: its page number in pages of that size.
    static long setNumber(long virtAddr, int pageShift) {
        return (virtAddr >>> PAGE_SHIFT & VPN_MASK) >>> (pageShift - PAGE_SHIFT);
    }

    /// Returns the number of the size of a tag's page.
    static int sizeNumberOf(long tag) {
        return (tag & SUPERPAGE) == 0 ? 0 : (int) (tag >>> VPN_SHIFT & SIZE_MASK);
    }

    /// Returns the number of a size: its place among all, smallest first.
    static int sizeNumber(int pageShift) {
        return SIZE_NUMBERS[pageShift];
    }

    /// Returns the number of address bits inside a page of the size of that number.
    static int shiftOfSize(int sizeNumber) {
        return SHIFTS[sizeNumber];
    }

    private static long page(long virtAddr) {
        return (virtAddr >>> PAGE_SHIFT & VPN_MASK) << VPN_SHIFT;
    }

    private static long superpage(long virtAddr, int sizeNumber) {
        long vpn = virtAddr >>> PAGE_SHIFT & VPN_MASK & -(1L << (SHIFTS[sizeNumber] - PAGE_SHIFT));
        return (vpn | sizeNumber) << VPN_SHIFT | SUPERPAGE;
    }
}
