package sharewalk.mmu.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.cache.PolicyKind;
import sharewalk.mmu.count.EntrySource;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.RawTables;

/// Random walks on two harts through two roots, some of whose tables are the same, and random writes of entries: every
/// entry is found where naive caches, fed with the same walks, say.
final class WalkCachesModelTest {
    private static final int HARTS = 2;
    private static final int WALKS = 4000;
    private static final int[] ASIDS = {3, 9};
    private static final long MIB_2 = 2L << 20;
    private static final long GIB = 1L << 30;

    private final SplittableRandom random = new SplittableRandom(11);
    private final List<Long> pages = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "SV39, none, none",
        "SV39, 4/2, 1K/2+4K/4:shared",
        "SV48, 2x2:lru/1x2:fifo/1, 512/1+1K/2+2K/8:shared",
        "SV39, physical:4, 1K/2:fifo",
        "SV57, physical:2x3:lru, 1K/2+2K/4",
        "SV48, 3x2:lru/1, 768/4:shared",
        "X86_64_4LEVEL, 4/2, 1K/2:shared",
        "X86_64_4LEVEL, 0/2/1, 1K/2+4K/4:shared",
        "X86_64_5LEVEL, physical:1x6:fifo, 512/2+1K/4:shared"
    })
    void entries_areFoundWhereNaiveCachesHaveThem(PagingMode paging, String walkCache, String pteCaches) {
        RawTables tables = new RawTables(paging, 4 << 20);
        long[] roots = {tables.newFrame(), tables.newFrame()};
        build(tables, roots);
        PteCacheGeometry caches = PteCacheGeometry.parse(pteCaches);
        PageWalkCacheGeometry upper = PageWalkCacheGeometry.parse(walkCache);
        PteCaches machine = PteCaches.of(caches, HARTS, 1);
        int[] writer = {0};
        machine.softwareRunsOn(() -> writer[0]);
        List<PageWalker> walkers = new ArrayList<>();
        for (int hart = 0; hart < HARTS; hart++) {
            PageWalkCache cache =
                    new PageWalkCache(WalkerProfile.NO_CACHES.withWalkCache(upper), paging, new HartSeed(1, hart));
            walkers.add(PageWalker.of(paging, tables.memory(), cache, Set.of()));
            walkers.get(hart).readThrough(machine.ofHart(hart));
        }
        NaiveWalks naive = new NaiveWalks(tables, upper, caches);
        WalkResult result = new WalkResult();
        for (int i = 0; i < WALKS; i++) {
            int hart = random.nextInt(HARTS);
            int space = random.nextInt(ASIDS.length);
            long page = pages.get(random.nextInt(pages.size()));
            if (random.nextInt(10) == 0) {
                writer[0] = hart;
                long entry = tables.entryAddress(roots[space], page, random.nextInt(paging.levels()));
                machine.entryWritten(entry);
                naive.write(hart, entry);
            } else {
                walkers.get(hart)
                        .walkCached(roots[space], ASIDS[space], page, AccessType.LOAD, WalkMode.USER_MODE, result);
                assertThat(result.isTranslated()).isTrue();
                assertThat(sources(result, paging))
                        .as("walk %d of %x", i, page)
                        .isEqualTo(naive.walk(hart, roots[space], ASIDS[space], page));
            }
        }
    }

    private void build(RawTables tables, long[] roots) {
        long bits = tables.leafBits(0) | tables.accessedBit() | tables.dirtyBit();
        for (long area : new long[] {0, MIB_2, GIB, GIB + 3 * MIB_2, 5 * GIB}) {
            for (int i = 0; i < 24; i++) {
                pages.add(area + i * 0x5000L);
            }
        }
        for (long page : pages) {
            tables.put(roots[0], page, 0, tables.entry(1, bits));
        }
        // The second root leads to the first one's table for the second gigabyte.
        long shared = tables.entryAddress(roots[0], GIB, 2);
        tables.put(roots[1], GIB, 2, tables.memory().read64(shared));
        for (long page : pages) {
            tables.put(roots[1], page, 0, tables.entry(1, bits));
        }
        setAccessed(tables, roots);
    }

    private void setAccessed(RawTables tables, long[] roots) {
        if (tables.isX86()) {
            for (long root : roots) {
                for (long page : pages) {
                    for (int level = 1; level < tables.paging().levels(); level++) {
                        long address = tables.entryAddress(root, page, level);
                        long entry = tables.memory().read64(address);
                        tables.memory().write64(address, entry | tables.accessedBit());
                    }
                }
            }
        }
    }

    private static List<EntrySource> sources(WalkResult result, PagingMode paging) {
        List<EntrySource> sources = new ArrayList<>();
        for (int level = paging.rootLevel(); level > result.entryLevel(0); level--) {
            sources.add(EntrySource.WALK_CACHE);
        }
        for (int i = 0; i < result.steps(); i++) {
            sources.add(result.source(i));
        }
        return sources;
    }

    /// The same caches, told naively. It knows nothing of a walk but where its entries lie.
    private static final class NaiveWalks {
        private final RawTables tables;
        private final int levels;
        private final List<List<NaiveCache>> data = new ArrayList<>();
        private final PteCacheGeometry geometry;
        private final List<List<NaiveCache>> translations = new ArrayList<>();
        private final List<NaiveCache> entries = new ArrayList<>();

        NaiveWalks(RawTables tables, PageWalkCacheGeometry walkCache, PteCacheGeometry geometry) {
            this.tables = tables;
            this.geometry = geometry;
            levels = tables.paging().levels();
            for (int hart = 0; hart < HARTS; hart++) {
                data.add(new ArrayList<>());
                translations.add(new ArrayList<>());
                for (int i = 0; i < geometry.levels().size(); i++) {
                    PteCacheGeometry.Level level = geometry.levels().get(i);
                    boolean isCommon = level.shared() && hart > 0;
                    data.get(hart)
                            .add(
                                    isCommon
                                            ? data.getFirst().get(i)
                                            : new NaiveCache(
                                                    level.sets(), level.ways(), level.policy() == PolicyKind.LRU));
                }
                switch (walkCache) {
                    case PageWalkCacheGeometry.Translations byLevel -> {
                        for (int level = 0; level < levels; level++) {
                            translations.get(hart).add(cache(byLevel.array(level)));
                        }
                    }
                    case PageWalkCacheGeometry.Entries(WalkCacheArray array) -> entries.add(cache(array));
                }
            }
        }

        private static NaiveCache cache(WalkCacheArray array) {
            return new NaiveCache(array.sets(), array.ways(), array.policy() == PolicyKind.LRU);
        }

        List<EntrySource> walk(int hart, long root, int asid, long page) {
            return entries.isEmpty() ? walkTranslations(hart, root, asid, page) : walkEntries(hart, root, page);
        }

        private List<EntrySource> walkTranslations(int hart, long root, int asid, long page) {
            List<EntrySource> sources = new ArrayList<>();
            int hit = 1;
            while (hit < levels && !translations.get(hart).get(hit).holds(key(asid, page, hit), prefix(page, hit))) {
                hit++;
            }
            for (int level = levels - 1; level >= 0; level--) {
                sources.add(level >= hit ? EntrySource.WALK_CACHE : fetch(hart, entry(root, page, level)));
            }
            if (hit < levels) {
                translations.get(hart).get(hit).use(key(asid, page, hit), prefix(page, hit));
            }
            for (int level = hit - 1; level > 0; level--) {
                NaiveCache cache = translations.get(hart).get(level);
                if (cache.ways() > 0) {
                    cache.fill(key(asid, page, level), prefix(page, level));
                }
            }
            return sources;
        }

        private List<EntrySource> walkEntries(int hart, long root, long page) {
            List<EntrySource> sources = new ArrayList<>();
            for (int level = levels - 1; level >= 0; level--) {
                long entry = entry(root, page, level);
                if (level > 0 && entries.get(hart).holds(entry, entry / 8)) {
                    entries.get(hart).use(entry, entry / 8);
                    sources.add(EntrySource.WALK_CACHE);
                } else {
                    sources.add(fetch(hart, entry));
                    if (level > 0) {
                        entries.get(hart).fill(entry, entry / 8);
                    }
                }
            }
            return sources;
        }

        void write(int hart, long entry) {
            EntrySource _ = fetch(hart, entry);
            for (int other = 0; other < HARTS; other++) {
                if (tables.isX86() && !entries.isEmpty()) {
                    entries.get(other).drop(entry, entry / 8);
                }
                for (int i = 0; i < geometry.levels().size(); i++) {
                    if (other != hart && !geometry.levels().get(i).shared()) {
                        data.get(other).get(i).drop(entry / 64, entry / 64);
                    }
                }
            }
        }

        private EntrySource fetch(int hart, long entry) {
            List<EntrySource> names = List.of(EntrySource.L1, EntrySource.L2, EntrySource.L3);
            long line = entry / 64;
            EntrySource source = EntrySource.MEMORY;
            for (int i = 0; i < data.get(hart).size(); i++) {
                if (data.get(hart).get(i).holds(line, line)) {
                    source = names.get(i);
                    data.get(hart).get(i).use(line, line);
                    break;
                }
            }
            data.get(hart).stream()
                    .takeWhile(cache -> !cache.holds(line, line))
                    .toList()
                    .forEach(cache -> cache.fill(line, line));
            return source;
        }

        private long entry(long root, long page, int level) {
            return tables.entryAddress(root, page, level);
        }

        private static long prefix(long page, int level) {
            return page / PhysicalMemory.FRAME_BYTES >> 9 * level;
        }

        private static long key(int asid, long page, int level) {
            return (long) asid << 60 | prefix(page, level);
        }
    }
}
