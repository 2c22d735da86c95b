package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sharewalk.mmu.cache.PolicyKind;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.support.NaiveTlb;
import sharewalk.mmu.tlb.TlbGeometry;

/// Random access streams through the MMU and through three naive TLBs: the same misses, to the last one.
final class NaiveReplayTest extends MmuFixture {
    private static final int PAGES = 240;
    private static final int ACCESSES = 60_000;

    private NaiveTlb fetches = new NaiveTlb(1, 1, false);
    private NaiveTlb data = fetches;
    private NaiveTlb second = fetches;
    private final long[] misses = new long[3];
    private long secondMisses;
    private int asid = 7;

    @ParameterizedTest
    @CsvSource({
        "16, 4, FIFO, 32, 4, LRU",
        "16, 4, LRU, 128, 8, LRU",
        "1, 32, FIFO, 7, 5, FIFO",
        "1, 24, LRU, 1, 64, LRU",
        "3, 2, LRU, 5, 3, FIFO",
        "1, 1, FIFO, 1, 1, LRU"
    })
    void missesAreThoseOfNaiveTlbs(int sets, int ways, PolicyKind policy, int sets2, int ways2, PolicyKind policy2) {
        TlbGeometry first = TlbGeometry.of(sets, ways, policy);
        mmu = mmu(MachineProfile.DEFAULT.withL1i(first).withL1d(first).withL2(TlbGeometry.of(sets2, ways2, policy2)));
        for (int page = 0; page < PAGES; page++) {
            mapPage(PAGE + page * 0x1000L, 0);
        }
        fetches = new NaiveTlb(sets, ways, policy == PolicyKind.LRU);
        data = new NaiveTlb(sets, ways, policy == PolicyKind.LRU);
        second = new NaiveTlb(sets2, ways2, policy2 == PolicyKind.LRU);
        SplittableRandom random = new SplittableRandom(17);
        for (int i = 0; i < ACCESSES; i++) {
            step(random);
        }
        assertThat(misses).doesNotContain(0);
        assertThat(new long[] {
                    counters.get(Counter.L1D_LOAD_MISS),
                    counters.get(Counter.L1D_STORE_MISS),
                    counters.get(Counter.L1I_MISS),
                    counters.get(Counter.L2_MISS),
                    counters.get(Counter.WALK)
                })
                .containsExactly(misses[0], misses[1], misses[2], secondMisses, secondMisses);
    }

    private void step(SplittableRandom random) {
        int reach = random.nextInt(3) == 0 ? PAGES : 40;
        long virtAddr = PAGE + random.nextInt(reach) * 0x1000L + random.nextInt(4096);
        switch (random.nextInt(4000)) {
            case 0 -> {
                mmu.invalidate(new InvalidationScope.Asid(asid), FlushCause.OTHER);
                fetches.invalidateAsid(asid);
                data.invalidateAsid(asid);
                second.invalidateAsid(asid);
            }
            case 1, 2, 3, 4, 5, 6, 7, 8 -> {
                asid = 7 + random.nextInt(2);
                mmu.setRoot(root, asid);
            }
            case 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 -> {
                mmu.invalidate(new InvalidationScope.Page(asid, virtAddr, false), FlushCause.OTHER);
                fetches.invalidate(asid, virtAddr);
                data.invalidate(asid, virtAddr);
                second.invalidate(asid, virtAddr);
            }
            default -> access(virtAddr, random.nextInt(3));
        }
    }

    private void access(long virtAddr, int kind) {
        AccessType access = kind == 0 ? AccessType.LOAD : kind == 1 ? AccessType.STORE : AccessType.FETCH;
        assertThat(mmu.translate(virtAddr, access)).isPositive();
        if (!(kind == 2 ? fetches : data).access(asid, virtAddr)) {
            misses[kind]++;
            secondMisses += second.access(asid, virtAddr) ? 0 : 1;
        }
    }
}
