package sharewalk.mmu.walk;

import java.util.Set;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.X86PteFormat;

/// The walk of x86-64's 4-level and 5-level paging: Intel SDM 3A, 4.5 (entries), 4.6 (rights), 4.7 (faults), 4.8
/// (accessed and dirty flags), as numbered before "Linear-Address Pre-Processing" became chapter 4; editions since
/// then (June 2025) count paging as chapter 5. Rights are the combination of every entry on the way; protection keys
/// are off. Bit 8 of a PML4E and PML5E, which AMD reserves, is ignored as Intel has it.
final class X86Walker extends PageWalker {
    private static final long PRESENT = 1L;
    private static final long WRITE = 1L << 1;
    private static final long USER = 1L << 2;
    private static final long ACCESSED = 1L << 5;
    private static final long DIRTY = 1L << 6;
    private static final long PAGE_SIZE = 1L << 7;
    private static final long GLOBAL = 1L << 8;
    private static final long EXECUTE_DISABLE = 1L << 63;

    private static final long ADDRESS_MASK = (1L << 52) - (1L << PhysicalMemory.FRAME_SHIFT);

    /// Address bits from MAXPHYADDR up, reserved in every entry (4.5, tables 4-14 to 4-20).
    private final long beyondPhysAddr;

    private final int largestSuperpageLevel;

    X86Walker(
            PagingMode paging,
            PhysicalMemory memory,
            PageWalkCache cache,
            X86PteFormat format,
            Set<PagingFeature> features) {
        super(paging, memory, cache);
        beyondPhysAddr = ADDRESS_MASK & -(1L << format.physAddrBits());
        largestSuperpageLevel = features.contains(PagingFeature.GIB_PAGES) ? 2 : 1;
    }

    @Override
    int topRights() {
        return Rights.READ | Rights.WRITE | Rights.EXECUTE | Rights.USER;
    }

    @Override
    long nextTable(long pte) {
        return pte & ADDRESS_MASK;
    }

    @Override
    boolean mayKeep(long pte) {
        // 4.10.3: an entry is cached only once its accessed flag is set, so that no walk has to set it in memory.
        return (pte & ACCESSED) != 0;
    }

    @Override
    void descend(long tableAndRights, AccessType access, WalkMode mode, WalkResult into) {
        long table = tableAndRights & ~(long) Rights.MASK;
        int rights = (int) tableAndRights & Rights.MASK;
        for (int level = into.entryLevel(0); level >= 0; level--) {
            if (!readEntry(table, level, into)) {
                return;
            }
            long pte = into.pte();
            // 4.7: P = 0 and reserved bits end the translation; rights are looked at only if there is one.
            if ((pte & PRESENT) == 0) {
                into.fail(WalkFault.NOT_PRESENT);
                return;
            }
            if (isReserved(pte, level, mode)) {
                into.fail(WalkFault.RESERVED_BIT);
                return;
            }
            rights = combined(rights, pte);
            if (level == 0 || (pte & PAGE_SIZE) != 0) {
                leaf(level, rights, access, mode, into);
                return;
            }
            into.handDown(rights);
            table = nextTable(pte);
        }
    }

    private boolean isReserved(long pte, int level, WalkMode mode) {
        if ((pte & beyondPhysAddr) != 0) {
            return true;
        }
        if ((pte & EXECUTE_DISABLE) != 0 && !mode.has(WalkMode.NO_EXECUTE)) {
            return true;
        }
        if (level == 0 || (pte & PAGE_SIZE) == 0) {
            return false;
        }
        // PS is reserved in a PML5E and a PML4E (tables 4-14 and 4-15), and in a PDPTE of processors without 1 GiB
        // pages.
        // Bit 12 is PAT; from 13 up to the page's size bits are reserved (tables 4-16 and 4-18).
        return level > largestSuperpageLevel || (pte & (pageBytes(level) - (1L << 13))) != 0;
    }

    /// 4.6: a right holds only if every entry grants it.
    private static int combined(int rights, long pte) {
        int withheld = ((pte & WRITE) == 0 ? Rights.WRITE : 0)
                | ((pte & USER) == 0 ? Rights.USER : 0)
                | ((pte & EXECUTE_DISABLE) != 0 ? Rights.EXECUTE : 0);
        return rights & ~withheld;
    }

    private void leaf(int level, int combined, AccessType access, WalkMode mode, WalkResult into) {
        long pte = into.pte();
        if (!mode.permits(combined, access)) {
            into.fail(WalkFault.PROTECTION);
            return;
        }
        long leafAddress = pte & ADDRESS_MASK & -pageBytes(level);
        if (!isBacked(leafAddress, pageShift(level), into.virtAddr())) {
            into.fail(WalkFault.BAD_PHYSICAL);
            return;
        }
        // 4.8: accessed in every entry used, dirty in the one that maps the page.
        int last = into.steps() - 1;
        for (int i = 0; i < last; i++) {
            update(into.entryAddress(i), into.entry(i), into.entry(i) | ACCESSED, mode);
        }
        long updated = pte | ACCESSED | (access == AccessType.STORE ? DIRTY : 0);
        update(into.entryAddress(last), pte, updated, mode);
        // 4.10.2.4: G counts in the entry that maps the page, and only with CR4.PGE.
        boolean global = (pte & GLOBAL) != 0 && mode.has(WalkMode.GLOBAL_PAGES);
        int rights = combined | (global ? Rights.GLOBAL : 0) | ((updated & DIRTY) != 0 ? Rights.DIRTY : 0);
        into.succeed(updated, leafAddress | rights, pageShift(level));
    }

    private static int pageShift(int level) {
        return PhysicalMemory.FRAME_SHIFT + 9 * level;
    }

    private static long pageBytes(int level) {
        return 1L << pageShift(level);
    }
}
