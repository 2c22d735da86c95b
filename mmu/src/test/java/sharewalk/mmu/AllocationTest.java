package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;
import sharewalk.mmu.walk.PteCacheGeometry;
import sharewalk.mmu.walk.PteCaches;

/// The hot-path rule: translating allocates nothing, hit or miss.
final class AllocationTest extends MmuFixture {
    private static final int PAGES = 200;
    private static final int ROUNDS = 500;

    @ParameterizedTest
    @CsvSource({
        "16x4:fifo, 2/1",
        "1x32:lru, 2x2:lru/1",
        "3x4:plru, physical:1x4:plru",
        "1x40:random, physical:24",
    })
    void translating_allocatesNothing(String firstLevel, String walkCache) {
        mmu = mmu(MachineProfile.DEFAULT
                .withL1d(TlbGeometry.parse(firstLevel))
                .withL1i(TlbGeometry.parse(firstLevel))
                .withL2(TlbGeometry.parse("8x8:lru"))
                .withWalkCache(PageWalkCacheGeometry.parse(walkCache)));
        mmu.readEntriesThrough(PteCaches.of(PteCacheGeometry.parse("1K/2+4K/4+8K/8:shared"), 1, 1)
                .ofHart(0));
        for (int page = 0; page < PAGES; page++) {
            mapPage(PAGE + page * 0x1000L, 0);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertThat(round()).isPositive();
        long before = threads.getCurrentThreadAllocatedBytes();
        long sum = 0;
        for (int i = 0; i < ROUNDS; i++) {
            sum += round();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(sum).isPositive();
        // Far below one byte an access: what measuring itself takes.
        assertThat(allocated).isLessThan(ROUNDS * PAGES * 3L / 4);
    }

    private long round() {
        long sum = 0;
        for (int page = 0; page < PAGES; page++) {
            long virtAddr = PAGE + page * 0x1000L;
            sum += mmu.translate(virtAddr, AccessType.LOAD);
            sum += mmu.translate(virtAddr, AccessType.FETCH);
            sum += mmu.translate(virtAddr, AccessType.STORE);
        }
        return sum;
    }
}
