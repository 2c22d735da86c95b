package sharewalk.mmu.support;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.Translation;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.cause.FlushShadow;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.CounterSnapshot;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.QuietPageListener;

/// A hart whose misses are explained, over address spaces of 4 KiB pages and a superpage each, whose owner flushes what
/// he changes.
public final class ExplainedHart {
    /// Something the hart, or the owner of its tables, does.
    public sealed interface Operation {
        record Access(long virtAddr, AccessType access) implements Operation {}

        /// One data access that begins on a page and ends on the next.
        record Crossing(long virtAddr, AccessType access) implements Operation {}

        record Switch(int space) implements Operation {}

        record Flush(InvalidationScope scope, FlushCause cause) implements Operation {}

        /// Maps a page of the current space to another frame, or forbids or allows storing to it, and flushes it.
        record Change(long virtAddr, boolean moves, FlushCause cause) implements Operation {}

        /// Returns a random operation, mostly accesses.
        static Operation random(SplittableRandom random) {
            FlushCause cause = CAUSES.get(random.nextInt(CAUSES.size()));
            long page = randomPage(random);
            int asid = 1 + random.nextInt(SPACES);
            return switch (random.nextInt(60)) {
                case 0 -> new Switch(random.nextInt(SPACES));
                case 1 -> new Flush(new InvalidationScope.Page(asid, page, random.nextBoolean()), cause);
                case 2 -> {
                    long end = page + PAGE_BYTES * (1 + random.nextInt(60));
                    yield new Flush(new InvalidationScope.Range(asid, page, end, random.nextBoolean()), cause);
                }
                case 3 -> new Flush(new InvalidationScope.Asid(asid), cause);
                case 4 -> new Flush(new InvalidationScope.All(), cause);
                case 5, 6 -> new Change(page, random.nextBoolean(), cause);
                case 7, 8, 9 -> new Crossing(page, random.nextBoolean() ? AccessType.LOAD : AccessType.STORE);
                default -> new Access(page, ACCESSES.get(random.nextInt(ACCESSES.size())));
            };
        }

        private static long randomPage(SplittableRandom random) {
            return switch (random.nextInt(8)) {
                case 0 -> SUPERPAGE + PAGE_BYTES * random.nextInt(4);
                case 1, 2, 3, 4 -> FIRST_PAGE + PAGE_BYTES * random.nextInt(6);
                default -> FIRST_PAGE + PAGE_BYTES * random.nextInt(PAGES);
            };
        }
    }

    private static final List<AccessType> ACCESSES = List.of(AccessType.values());

    /// What flushes are made for.
    public static final List<FlushCause> CAUSES =
            List.of(FlushCause.MUNMAP, FlushCause.MPROTECT, FlushCause.DESIGN_FLUSH_ALL);

    private static final int SPACES = 3;
    private static final int PAGES = 100;
    private static final long PAGE_BYTES = 4096;
    private static final long FIRST_PAGE = 0x7F_F000;
    private static final long SUPERPAGE = 0x4000_0000;

    private final RawTables tables;
    private final long[] roots = new long[SPACES];
    private final Mmu mmu;
    private final Counters counters = new Counters();
    private final Kept data = new Kept();
    private final Kept fetches = new Kept();
    private final boolean keeps;
    private int space;

    /// @param keeps whether accesses to quiet pages are answered here, as an engine does
    public ExplainedHart(PagingMode paging, MachineProfile profile, boolean keeps, Set<FlushCause> spared) {
        this.keeps = keeps;
        tables = new RawTables(paging, 8 << 20);
        for (int i = 0; i < SPACES; i++) {
            roots[i] = tables.newFrame();
            for (int page = 0; page < PAGES; page++) {
                put(i, FIRST_PAGE + page * PAGE_BYTES, 0, tables.entry(tables.newFrame(), tables.leafBits(0)));
            }
            put(i, SUPERPAGE, 1, tables.entry(512, tables.leafBits(1)));
        }
        HartSeed seed = new HartSeed(5, 0);
        mmu = new Mmu(profile, paging, tables.memory(), seed, data, fetches);
        FlushShadow shadow = new FlushShadow(
                new FlushShadow.Hardware(profile.tlbs(), profile.walker(), paging, tables.memory(), false),
                seed,
                data,
                fetches);
        shadow.spare(spared);
        mmu.explainMisses(shadow);
        mmu.chargeTo(CounterMap.all(counters));
        mmu.setRoot(roots[0], 1);
    }

    private void put(int of, long virtAddr, int level, long entry) {
        tables.put(roots[of], virtAddr, level, entry);
    }

    public CounterSnapshot counters() {
        return counters.snapshot();
    }

    /// Carries out an operation.
    public void apply(Operation operation) {
        switch (operation) {
            case Operation.Access(long virtAddr, AccessType access) -> access(virtAddr, access, -1);
            case Operation.Crossing(long virtAddr, AccessType access) -> {
                access(virtAddr, access, -1);
                access(virtAddr + PAGE_BYTES, access, virtAddr);
            }
            case Operation.Switch(int to) -> {
                space = to;
                mmu.setRoot(roots[to], 1 + to);
                data.pages.clear();
                fetches.pages.clear();
            }
            case Operation.Flush(InvalidationScope scope, FlushCause cause) -> flush(scope, cause);
            case Operation.Change(long virtAddr, boolean moves, FlushCause cause) -> {
                int level = virtAddr >= SUPERPAGE ? 1 : 0;
                long address = tables.entryAddress(roots[space], virtAddr, level);
                long entry = tables.memory().read64(address);
                boolean movable = moves && level == 0;
                tables.memory()
                        .write64(
                                address,
                                movable
                                        ? tables.entry(tables.newFrame() % 1024 + 600, tables.leafBits(0))
                                        : entry ^ tables.writeBit());
                flush(new InvalidationScope.Page(1 + space, virtAddr, false), cause);
            }
        }
    }

    // An engine's own cache is emptied of what a kernel flushes, whatever the model keeps.
    private void flush(InvalidationScope scope, FlushCause cause) {
        mmu.invalidate(scope, cause);
        data.pages.clear();
        fetches.pages.clear();
    }

    private void access(long virtAddr, AccessType access, long pinnedVirtPage) {
        Kept kept = access == AccessType.FETCH ? fetches : data;
        if (keeps && Translation.grants(kept.pages.getOrDefault(virtAddr, -1L), right(access))) {
            return;
        }
        long answer = pinnedVirtPage < 0
                ? mmu.translate(virtAddr, access)
                : mmu.translatePinned(virtAddr, access, pinnedVirtPage);
        if (answer >= 0) {
            kept.pages.put(virtAddr, answer);
        }
    }

    private static int right(AccessType access) {
        return switch (access) {
            case LOAD -> Translation.RIGHT_READ;
            case STORE -> Translation.RIGHT_WRITE;
            case FETCH -> Translation.RIGHT_EXECUTE;
        };
    }

    /// What the MMU answered about pages that are still quiet, all of the current address space.
    private final class Kept implements QuietPageListener {
        private final TreeMap<Long, Long> pages = new TreeMap<>();

        @Override
        public void noLongerQuiet(int asid, long virtAddr, long sizeBytes) {
            if (asid == 1 + space || asid == ANY_ASID) {
                pages.subMap(virtAddr, virtAddr + sizeBytes).clear();
            }
        }

        @Override
        public void allNoLongerQuiet() {
            pages.clear();
        }
    }
}
