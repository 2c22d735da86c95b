package sharewalk.mmu;

import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.walk.Rights;
import sharewalk.mmu.walk.WalkFault;

/// The answer to one access, packed into a `long`.
///
/// Not negative: the physical address of the 4 KiB page, and in its low bits the rights that may be used for this
/// page without asking again until it is no longer quiet. Negative: `-1 - WalkFault.ordinal()`.
public final class Translation {
    public static final int RIGHT_READ = Rights.READ;
    public static final int RIGHT_WRITE = Rights.WRITE;
    public static final int RIGHT_EXECUTE = Rights.EXECUTE;

    private static final long PAGE_MASK = 0xFFF;
    private static final WalkFault[] FAULTS = WalkFault.values();

    private Translation() {}

    /// Returns the packed form of the answer to an access that a page of `1 << pageShift` bytes allows.
    static long of(long pageTranslation, int pageShift, long virtAddr, AccessType access, HartRegisters registers) {
        long offset = virtAddr & ((1L << pageShift) - 1) & ~PAGE_MASK;
        long page = (pageTranslation & ~(long) Rights.MASK) + offset;
        return page
                | switch (access) {
                    case FETCH -> RIGHT_EXECUTE;
                    case STORE -> RIGHT_READ | RIGHT_WRITE;
                    case LOAD -> {
                        boolean mayStore = (pageTranslation & Rights.DIRTY) != 0
                                && registers.permits(pageTranslation, AccessType.STORE);
                        yield RIGHT_READ | (mayStore ? RIGHT_WRITE : 0);
                    }
                };
    }

    /// Returns the cause of a fault, `NONE` where there is a translation.
    public static WalkFault fault(long translation) {
        return translation < 0 ? FAULTS[(int) (-1 - translation)] : WalkFault.NONE;
    }

    /// Returns the packed form of a fault.
    @SuppressWarnings("EnumOrdinal") // The packed form lives within one run only.
    public static long ofFault(WalkFault fault) {
        return -1L - fault.ordinal();
    }

    /// Returns the physical address of the 4 KiB page.
    public static long pageAddress(long translation) {
        return translation & ~PAGE_MASK;
    }

    /// Returns whether all of `rights` (`RIGHT_...`) come with the translation.
    public static boolean grants(long translation, int rights) {
        return translation >= 0 && (translation & rights) == rights;
    }
}
