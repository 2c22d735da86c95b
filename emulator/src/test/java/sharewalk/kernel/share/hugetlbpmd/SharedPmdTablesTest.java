package sharewalk.kernel.share.hugetlbpmd;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_NORESERVE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.kernel.mm.TestMachine.RW;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.HugePagePool;
import sharewalk.kernel.mm.HugePages;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.TestMachine;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;

/// Whom unsharing tells: `huge_pmd_unshare` and the flush after it.
class SharedPmdTablesTest {
    private static final long HUGE = 2L << 20;
    private static final long BLOCK = 1L << 30;
    private static final long BASE = 0x4000_0000L;
    private static final int HARTS = 4;

    private TestMachine machine = new TestMachine(PagingMode.SV39, HARTS, 32 << 20);

    /// Returns three processes, each on a hart of its own, that are linked to one table; the fourth hart is idle.
    private List<AddressSpace> sharers(PagingMode mode) {
        machine = new TestMachine(mode, HARTS, 32 << 20);
        machine.context.shareTables(new SharedPmdTables(machine.context));
        HugePagePool pool = machine.context.hugeMemory().standard();
        pool.resize(2);
        FileToMap file = new FileToMap(true, true, true, new HugePages(pool, null));
        List<AddressSpace> sharers = new ArrayList<>();
        for (int hart = 0; hart < HARTS - 1; hart++) {
            machine.enter(hart);
            AddressSpace space = AddressSpace.create(machine.context);
            machine.run(space, hart);
            int flags = MAP_SHARED | MAP_FIXED | MAP_NORESERVE;
            assertThat(space.map(new MapRequest(BASE, BLOCK, RW, flags, file, 0)))
                    .isEqualTo(BASE);
            assertThat(machine.store(space, BASE, hart)).isZero();
            sharers.add(space);
        }
        assertThat(sharers)
                .allSatisfy(space -> assertThat(space.table().cursor().attachedAt(BASE))
                        .isNotNull()
                        .isSameAs(sharers.getFirst().table().cursor().attachedAt(BASE)));
        return sharers;
    }

    private void unmapLastPage(List<AddressSpace> sharers, int hart) {
        machine.run(sharers.get(hart), hart);
        machine.restartCounting();
        assertThat(sharers.get(hart).unmap(BASE + BLOCK - HUGE, HUGE)).isZero();
        machine.requireRedeemed();
    }

    @ParameterizedTest
    @EnumSource
    void unmapOfOnePage_flushesTheWholeBlock_ofTheCallerAlone(PagingMode mode) {
        List<AddressSpace> sharers = sharers(mode);
        unmapLastPage(sharers, 0);
        int id = machine.idOf(sharers.getFirst());
        assertThat(machine.harts.getFirst().takeOrders()).anyMatch(order -> switch (order) {
            case InvalidationScope.All _ -> true;
            case InvalidationScope.Asid(int asid) -> asid == id;
            case InvalidationScope.Page _ -> false;
            case InvalidationScope.Range(int asid, long start, long end, boolean _) ->
                asid == id && start <= BASE && end >= BASE + BLOCK;
        });
        for (int hart = 1; hart < HARTS; hart++) {
            assertThat(machine.harts.get(hart).takeOrders()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void otherHarts_areInterrupted_onlyWhenOneUserIsLeft(PagingMode mode) {
        List<AddressSpace> sharers = sharers(mode);
        unmapLastPage(sharers, 0);
        assertThat(machine.count(Counter.IPI)).as("two users are left").isZero();
        unmapLastPage(sharers, 1);
        assertThat(machine.count(Counter.IPI)).as("one user is left").isEqualTo(HARTS - 1);
        assertThat(machine.count(Counter.IPI_ROUND)).isEqualTo(1);
        unmapLastPage(sharers, 2);
        assertThat(machine.count(Counter.IPI)).as("the table is its own").isZero();
    }
}
