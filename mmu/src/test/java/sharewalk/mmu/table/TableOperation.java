package sharewalk.mmu.table;

import java.util.SplittableRandom;
import sharewalk.mmu.paging.Permissions;

/// A random operation on one of several tables. Addresses come from a short list, so that operations meet.
sealed interface TableOperation {
    /// The number of tables, and of places in each where a subtree may be attached.
    int TABLES = 3;

    int WINDOWS = 3;

    long MIB_2 = 2L << 20;
    long GIB = 1L << 30;

    record Map(int table, long virtAddr, Permissions permissions, boolean dirty) implements TableOperation {}

    record MapSuperpage(int table, long virtAddr, Permissions permissions) implements TableOperation {}

    record Unmap(int table, long virtAddr) implements TableOperation {}

    record UnmapRange(int table, long start, long end) implements TableOperation {}

    record ClearRange(int table, long start, long end) implements TableOperation {}

    record FreeTables(int table, long start, long end) implements TableOperation {}

    record Protect(int table, long start, long end, Permissions permissions) implements TableOperation {}

    /// The dirty bits of a range cleared.
    record Clean(int table, long start, long end) implements TableOperation {}

    record Create(int table, int window, boolean hosted) implements TableOperation {}

    record Attach(int table, int window, int subtree) implements TableOperation {}

    record Detach(int table, int window) implements TableOperation {}

    /// The own table page under a window made a shared subtree, `guarded` where the architecture can.
    record Share(int table, int window, boolean guarded) implements TableOperation {}

    record Reclaim(int table, int window) implements TableOperation {}

    /// A shared subtree left for an own copy of its page.
    record UnshareByCopy(int table, int window) implements TableOperation {}

    /// Everything unmapped and detached, the table destroyed, a new one in its place.
    record Replace(int table) implements TableOperation {}

    /// Returns the first address of a window: on a boundary that suits every level of subtree.
    static long windowStart(int window) {
        return (4 + window) * GIB;
    }

    /// Returns the pages that are ever mapped: around table boundaries, outside windows and inside.
    static long[] pages() {
        long[] offsets = {0, 0x1000, 0x2000, MIB_2 - 0x1000, MIB_2, MIB_2 + 0x1000, 2 * MIB_2, GIB - 0x1000};
        long[] pages = new long[offsets.length * (WINDOWS + 1)];
        for (int area = 0; area <= WINDOWS; area++) {
            for (int i = 0; i < offsets.length; i++) {
                pages[area * offsets.length + i] = (area == 0 ? 0 : windowStart(area - 1)) + offsets[i];
            }
        }
        return pages;
    }

    static TableOperation random(SplittableRandom random) {
        int table = random.nextInt(TABLES);
        int window = random.nextInt(WINDOWS);
        return switch (random.nextInt(27)) {
            case 0, 1, 2, 3, 4, 5 -> new Map(table, page(random), permissions(random), random.nextBoolean());
            case 6 -> new MapSuperpage(table, page(random) & -MIB_2, permissions(random));
            case 7, 8 -> new Unmap(table, page(random));
            case 9 -> {
                long[] range = range(random);
                yield new UnmapRange(table, range[0], range[1]);
            }
            case 10 -> {
                long[] range = range(random);
                yield new ClearRange(table, range[0], range[1]);
            }
            case 11 -> {
                long[] range = range(random);
                yield new FreeTables(table, range[0], range[1]);
            }
            case 12, 13 -> {
                long[] range = range(random);
                yield new Protect(table, range[0], range[1], permissions(random));
            }
            case 14 -> new Create(table, window, random.nextBoolean());
            case 15, 16, 17 -> new Attach(table, window, random.nextInt(4));
            case 18 -> new Detach(table, window);
            case 19 -> {
                long[] range = range(random);
                yield new Clean(table, range[0], range[1]);
            }
            case 20, 21, 22 -> new Share(table, window, random.nextBoolean());
            case 23 -> new Reclaim(table, window);
            case 24, 25 -> new UnshareByCopy(table, window);
            default -> random.nextInt(4) == 0 ? new Replace(table) : new Detach(table, window);
        };
    }

    private static long page(SplittableRandom random) {
        long[] pages = pages();
        return pages[random.nextInt(pages.length)];
    }

    private static Permissions permissions(SplittableRandom random) {
        int rights = random.nextInt(8);
        // Read comes with every other right, so that both architectures can express them exactly.
        return Permissions.ofUser(rights > 0, (rights & 2) != 0, (rights & 4) != 0);
    }

    private static long[] range(SplittableRandom random) {
        long one = page(random);
        long other = page(random);
        long start = Math.min(one, other);
        long end = Math.max(one, other) + 0x1000;
        return random.nextBoolean() ? new long[] {start & -MIB_2, (end + MIB_2 - 1) & -MIB_2} : new long[] {start, end};
    }
}
