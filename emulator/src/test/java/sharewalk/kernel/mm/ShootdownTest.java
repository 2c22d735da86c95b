package sharewalk.kernel.mm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;
import static sharewalk.kernel.mm.TestMachine.mapAnonymous;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;

class ShootdownTest {
    private TestMachine machine = TestMachine.of(PagingMode.X86_64_4LEVEL);
    private AddressSpace space = machine.process();

    private void use(PagingMode mode) {
        machine = TestMachine.of(mode);
        space = machine.process();
    }

    private long written(long pages) {
        long at = mapAnonymous(space, 0x4000_0000, pages);
        for (long page = 0; page < pages; page++) {
            assertThat(machine.store(space, at + page * PAGE, 1)).isZero();
        }
        machine.restartCounting();
        return at;
    }

    @ParameterizedTest
    @CsvSource({"X86_64_4LEVEL, 33", "X86_64_5LEVEL, 33", "SV39, 64", "SV48, 64", "SV57, 64"})
    void longRanges_areFlushedWhole_shortOnesPageByPage(PagingMode mode, long ceiling) {
        use(mode);
        long at = written(ceiling + 1);
        assertThat(space.protect(at, ceiling * PAGE, PROT_READ)).isZero();
        assertThat(machine.count(Counter.INVALIDATION)).isEqualTo(ceiling);
        assertThat(machine.count(Counter.FULL_FLUSH)).isZero();
        assertThat(space.protect(at, ceiling * PAGE, RW)).isZero();
        machine.restartCounting();
        assertThat(space.protect(at, (ceiling + 1) * PAGE, PROT_READ)).isZero();
        assertThat(machine.count(Counter.INVALIDATION)).isZero();
        assertThat(machine.count(Counter.FULL_FLUSH)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void freedTables_reachWalkCaches_onRiscvByDroppingEverything(PagingMode mode) {
        use(mode);
        long at = written(1);
        assertThat(space.unmap(at, PAGE)).isZero();
        InvalidationScope order = machine.harts.getFirst().takeOrders().getFirst();
        assertThat(order)
                .isEqualTo(
                        KernelRules.of(mode) == KernelRules.X86_64
                                ? new InvalidationScope.Page(machine.idOf(space), at, true)
                                : new InvalidationScope.Asid(machine.idOf(space)));
    }

    @Test
    void installingPages_fencesThisHartOnRiscvOnly() {
        long at = mapAnonymous(space, 0, 4);
        machine.restartCounting();
        assertThat(machine.store(space, at, 1)).isZero();
        assertThat(machine.harts.getFirst().takeOrders()).isEmpty();
        use(PagingMode.SV39);
        at = mapAnonymous(space, 0, 4);
        machine.restartCounting();
        assertThat(machine.store(space, at, 1)).isZero();
        assertThat(machine.harts.getFirst().takeOrders())
                .containsExactly(new InvalidationScope.Page(machine.idOf(space), at, false));
        assertThat(machine.count(Counter.INVALIDATION)).isEqualTo(1);
        assertThat(machine.count(Counter.SHOOTDOWN)).isZero();
    }

    @Test
    void otherHartsRunningTheSpace_areInterrupted() {
        machine.run(space, 1);
        machine.run(space, 0);
        long at = written(2);
        assertThat(space.protect(at, 2 * PAGE, PROT_READ)).isZero();
        assertThat(machine.count(Counter.SHOOTDOWN)).isEqualTo(1);
        assertThat(machine.count(Counter.IPI)).isEqualTo(1);
        assertThat(machine.count(Counter.INVALIDATION)).isEqualTo(4);
    }

    @Test
    void x86HartThatLeft_isNotInterrupted_butFlushesWhenItComesBack() {
        AddressSpace other = machine.process();
        machine.run(space, 1);
        machine.run(other, 1);
        machine.run(space, 0);
        long at = written(1);
        assertThat(space.protect(at, PAGE, PROT_READ)).isZero();
        assertThat(machine.count(Counter.IPI)).isZero();
        assertThat(machine.count(Counter.INVALIDATION)).isEqualTo(1);
        machine.run(space, 1);
        assertThat(machine.count(Counter.FULL_FLUSH)).isEqualTo(1);
        assertThat(machine.harts.get(1).takeOrders()).containsExactly(new InvalidationScope.Asid(machine.idOf(space)));
        machine.run(other, 1);
        machine.run(space, 1);
        assertThat(machine.harts.get(1).takeOrders()).isEmpty();
    }

    @Test
    void riscvHartThatLeft_isStillInterrupted() {
        use(PagingMode.SV39);
        AddressSpace other = machine.process();
        machine.run(space, 1);
        machine.run(other, 1);
        machine.run(space, 0);
        long at = written(1);
        assertThat(space.protect(at, PAGE, PROT_READ)).isZero();
        assertThat(machine.count(Counter.IPI)).isEqualTo(1);
    }

    @Test
    void rightsWidenedByAFault_needNothingOnX86_aCopyNeedsOneInvalidation() {
        long at = mapAnonymous(space, 0, 1);
        assertThat(machine.load(space, at)).isZero();
        machine.restartCounting();
        assertThat(machine.store(space, at, 1)).isZero();
        assertThat(machine.count(Counter.INVALIDATION)).isEqualTo(1);
        requireNonNull(space.fork()).release();
        machine.restartCounting();
        assertThat(machine.store(space, at, 2)).isZero();
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1);
        assertThat(machine.count(Counter.INVALIDATION)).isZero();
    }
}
