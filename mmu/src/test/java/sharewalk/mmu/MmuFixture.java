package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.RawTables;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.walk.PageWalkCacheGeometry;

/// One hart over tables written by hand, and its counters.
abstract class MmuFixture {
    static final long PAGE = 0x20_0000_1000L;
    static final int RW = Translation.RIGHT_READ | Translation.RIGHT_WRITE;

    RawTables tables = new RawTables(PagingMode.SV39, 1 << 20);
    final Counters counters = new Counters();
    long root = tables.newFrame();
    Mmu mmu = mmu(MachineProfile.DEFAULT.withWalkCache(PageWalkCacheGeometry.NONE));

    Mmu mmu(MachineProfile profile) {
        Mmu made = new Mmu(
                profile,
                tables.paging(),
                tables.memory(),
                new HartSeed(1, 0),
                QuietPageListener.NONE,
                QuietPageListener.NONE);
        made.setRoot(root, 7);
        made.chargeTo(CounterMap.all(counters));
        return made;
    }

    void use(PagingMode paging, MachineProfile profile) {
        tables = new RawTables(paging, 1 << 20);
        root = tables.newFrame();
        mmu = mmu(profile);
    }

    long mapPage(long virtAddr, long extraBits) {
        long pfn = tables.newFrame();
        tables.put(root, virtAddr, 0, tables.entry(pfn, tables.leafBits(0) | extraBits));
        return pfn << 12;
    }

    void assertCounts(long l1i, long loads, long stores, long l2, long walks, long steps) {
        assertThat(new long[] {
                    counters.get(Counter.L1I_MISS),
                    counters.get(Counter.L1D_LOAD_MISS),
                    counters.get(Counter.L1D_STORE_MISS),
                    counters.get(Counter.L2_MISS),
                    counters.get(Counter.WALK),
                    counters.get(Counter.WALK_STEP)
                })
                .containsExactly(l1i, loads, stores, l2, walks, steps);
    }
}
