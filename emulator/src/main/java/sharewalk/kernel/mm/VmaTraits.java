package sharewalk.kernel.mm;

import static sharewalk.abi.MmapProt.PROT_EXEC;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;

/// What is the same at every address of a VMA.
///
/// `prot` and `maxProt` are bits of MmapProt: the rights it has, and those mprotect(2) may give it.
public record VmaTraits(int prot, int maxProt, int flags, Mapping mapping, String label) {
    /// Grows towards lower addresses when one just below it is touched.
    public static final int GROWS_DOWN = 1;
    /// Can neither be enlarged nor merged.
    public static final int DONT_EXPAND = 1 << 1;
    /// Locked in memory, as far as anything shows.
    public static final int LOCKED = 1 << 2;
    /// Not inherited by fork (MADV_DONTFORK).
    public static final int DONT_FORK = 1 << 3;
    /// Empty in a forked child (MADV_WIPEONFORK).
    public static final int WIPE_ON_FORK = 1 << 4;
    /// Mapped with MAP_SHARED, as /proc/PID/maps tells.
    public static final int SHARED = 1 << 5;
    /// Has had pages of its own, so that fork must copy its entries (Linux: it has an `anon_vma`). A shared area can
    /// have some where private ones show its table.
    public static final int HAS_ANONYMOUS = 1 << 6;
    /// Has lost a huge page to the process that was promised it: touching what is not mapped is an error from then on
    /// (HPAGE_RESV_UNMAPPED).
    public static final int PAGES_LOST = 1 << 7;
    /// Was mapped with MAP_NORESERVE; noted of huge pages only.
    public static final int NO_RESERVE = 1 << 10;
    /// Wants huge pages (MADV_HUGEPAGE); noted of shared memory only, which alone can have them.
    public static final int HUGE_PAGES = 1 << 11;
    /// Wants none (MADV_NOHUGEPAGE), likewise.
    public static final int NO_HUGE_PAGES = 1 << 13;

    /// Asked to share its tables (MADV_SHARE_TABLES).
    public static final int SHARES_TABLES = 1 << 8;

    /// Faults may be resolved by a userfaultfd; its tables are not to be shared.
    public static final int USERFAULT = 1 << 12;

    /// Every right.
    static final int ALL_RIGHTS = PROT_READ | PROT_WRITE | PROT_EXEC;

    /// Returns whether a flag is set.
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /// Returns whether every bit of `rights` is among the rights.
    public boolean allows(int rights) {
        return (prot & rights) == rights;
    }

    /// Returns the same with other rights.
    public VmaTraits withProt(int newProt) {
        return new VmaTraits(newProt, maxProt, flags, mapping, label);
    }

    /// Returns the same with flags set.
    public VmaTraits with(int flag) {
        return new VmaTraits(prot, maxProt, flags | flag, mapping, label);
    }

    /// Returns the same with flags cleared.
    public VmaTraits without(int flag) {
        return new VmaTraits(prot, maxProt, flags & ~flag, mapping, label);
    }

    /// Returns whether two VMAs with these traits may become one.
    boolean mergesWith(VmaTraits other) {
        return !has(DONT_EXPAND) && without(HAS_ANONYMOUS).equals(other.without(HAS_ANONYMOUS));
    }
}
