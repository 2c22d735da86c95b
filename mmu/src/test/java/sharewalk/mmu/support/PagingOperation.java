package sharewalk.mmu.support;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.RiscvPteFormat;

/// A random operation on a few address spaces and the hart that runs in them. Addresses lie around a few boundaries,
/// so that operations of all sizes meet.
public sealed interface PagingOperation {
    /// The number of address spaces; the first hosts the shared subtree.
    int SPACES = 3;

    /// A page of `1 << shift` bytes, in place of what else is there.
    record Map(int space, long virtAddr, int shift, Permissions permissions, boolean dirty)
            implements PagingOperation {}

    record Unmap(int space, long start, long end) implements PagingOperation {}

    record Protect(int space, long start, long end, Permissions permissions) implements PagingOperation {}

    /// The dirty bits of a range cleared.
    record Clean(int space, long start, long end) implements PagingOperation {}

    record AttachOrDetach(int space) implements PagingOperation {}

    /// The hart runs in another address space from now on.
    record Switch(int space) implements PagingOperation {}

    record Access(long virtAddr, AccessType access) implements PagingOperation {}

    /// Returns the sizes of pages of a mode, as numbers of address bits: what the manuals allow.
    static List<Integer> shifts(PagingMode paging) {
        boolean riscv = paging.format() instanceof RiscvPteFormat;
        List<Integer> shifts = new ArrayList<>(riscv ? List.of(12, 16) : List.of(12));
        for (int level = 1; level < (riscv ? paging.levels() : 3); level++) {
            shifts.add(12 + 9 * level);
        }
        return shifts;
    }

    /// Returns where a subtree of a level is attached.
    static long window(int subtreeLevel) {
        return subtreeLevel < 2 ? 4L << 30 : 1L << 40;
    }

    /// Returns the pages that are ever accessed or mapped.
    static List<Long> pages(PagingMode paging) {
        List<Long> bases = new ArrayList<>(List.of(1L << 30, window(0)));
        if (paging.levels() > 3) {
            bases.add(window(2));
        }
        for (int shift = 39; shift < paging.virtAddrBits() - 1; shift += 9) {
            bases.add(1L << shift);
        }
        List<Long> pages = new ArrayList<>();
        for (long base : bases) {
            for (long offset : new long[] {0, 0x1000, 0xF000, 0x1_0000, 0x1_7000, 0x1F_F000, 0x20_0000, 0x21_0000}) {
                pages.add(base + offset);
            }
        }
        return pages;
    }

    /// Returns a random operation for a mode.
    static PagingOperation random(PagingMode paging, SplittableRandom random) {
        int space = random.nextInt(SPACES);
        List<Long> pages = pages(paging);
        long page = pages.get(random.nextInt(pages.size()));
        // Small pages are drawn more often: large ones hide them.
        List<Integer> shifts = shifts(paging);
        int shift = shifts.get(Math.min(random.nextInt(shifts.size()), random.nextInt(shifts.size())));
        long start = page & -(1L << shift);
        long end = start + (random.nextInt(3) == 0 ? 2L << shift : 1L << shift);
        return switch (random.nextInt(28)) {
            case 0, 1, 2, 3, 4, 5 -> new Map(space, start, shift, permissions(random), random.nextBoolean());
            case 6, 7 -> new Unmap(space, start, end);
            case 8, 9 -> new Protect(space, start, end, permissions(random));
            case 10 -> new Clean(space, start, end);
            case 11 -> new AttachOrDetach(1 + random.nextInt(SPACES - 1));
            case 12, 13 -> new Switch(space);
            default -> new Access(page, List.of(AccessType.values()).get(random.nextInt(3)));
        };
    }

    private static Permissions permissions(SplittableRandom random) {
        int rights = random.nextInt(8);
        // Read comes with every other right, so that both architectures can express them exactly.
        return Permissions.ofUser(rights > 0, (rights & 2) != 0, (rights & 4) != 0);
    }
}
