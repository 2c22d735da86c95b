package sharewalk.kernel.mm.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.kernel.mm.flush.SchemeFixture.all;
import static sharewalk.kernel.mm.flush.SchemeFixture.page;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;

class RiscvFlushesTest {
    private SchemeFixture harts = riscv(2, 16, RemoteInvalidation.IPI);
    private TaggedSpace space = harts.space();

    private static SchemeFixture riscv(int hartCount, int asidBits, RemoteInvalidation remote) {
        return new SchemeFixture(FlushScheme.Kernel.RISCV, hartCount, asidBits, remote);
    }

    private void use(SchemeFixture fixture) {
        harts = fixture;
        space = harts.space();
    }

    private void runOn(int... those) {
        for (int hart : those) {
            int _ = harts.run(space, hart);
        }
        harts.restart();
    }

    @Test
    void spaceHasOneIdOnAllHarts_andNothingIsFlushedForIt() {
        assertThat(harts.run(space, 0)).isEqualTo(1);
        assertThat(harts.run(space, 1)).isEqualTo(1);
        assertThat(harts.run(harts.space(), 1)).isEqualTo(2);
        assertThat(harts.told(0)).isEmpty();
        assertThat(harts.told(1)).isEmpty();
    }

    @Test
    void rollover_flushesEachHartAtItsNextSwitch_andRunningSpacesKeepTheirIds() {
        // 8 ids, 3 harts: ids 1 to 7.
        use(riscv(3, 3, RemoteInvalidation.IPI));
        TaggedSpace running = harts.space();
        assertThat(harts.run(running, 1)).isEqualTo(1);
        for (int id = 2; id <= 7; id++) {
            assertThat(harts.run(harts.space(), 0)).isEqualTo(id);
        }
        assertThat(harts.count(Counter.ASID_ROLLOVER)).isZero();
        harts.restart();
        // Ids 1 and 7 are kept for what runs.
        assertThat(harts.run(space, 0)).isEqualTo(2);
        assertThat(harts.count(Counter.ASID_ROLLOVER)).isEqualTo(1);
        assertThat(harts.told(0)).containsExactly(new InvalidationScope.All());
        assertThat(harts.causes(0)).containsExactly(FlushCause.ASID_ROLLOVER);
        assertThat(harts.told(1)).isEmpty();
        assertThat(harts.scheme.id(1)).isEqualTo(1);
        assertThat(harts.run(running, 2)).isEqualTo(1);
        assertThat(harts.told(2)).containsExactly(new InvalidationScope.All());
        assertThat(harts.run(space, 1)).isEqualTo(2);
        assertThat(harts.told(1)).containsExactly(new InvalidationScope.All());
        assertThat(harts.count(Counter.SWITCH_FLUSH)).isEqualTo(3);
        harts.restart();
        assertThat(harts.run(running, 1)).isEqualTo(1);
        assertThat(harts.told(1)).isEmpty();
    }

    @Test
    void spaceOfAnOlderGeneration_getsItsIdBackIfItIsFree() {
        use(riscv(1, 3, RemoteInvalidation.IPI));
        TaggedSpace second = harts.space();
        int _ = harts.run(space, 0);
        int _ = harts.run(second, 0);
        for (int i = 0; i < 6; i++) {
            int _ = harts.run(harts.space(), 0);
        }
        assertThat(harts.count(Counter.ASID_ROLLOVER)).isEqualTo(1);
        assertThat(harts.run(second, 0)).isEqualTo(2);
        assertThat(harts.run(space, 0)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "2, 2", "4, 3", "8, 4"})
    void withTooFewIds_thereAreNone(int hartCount, int asidBits) {
        use(riscv(hartCount, asidBits, RemoteInvalidation.IPI));
        TaggedSpace other = harts.space();
        runOn(0);
        assertThat(harts.run(other, 0)).isZero();
        assertThat(harts.run(space, 0)).isZero();
        assertThat(harts.told(0)).containsExactly(all(0), all(0));
        assertThat(harts.count(Counter.SWITCH_FLUSH)).isEqualTo(2);
    }

    @Test
    void withoutIds_hartThatLeftIsNotInterrupted() {
        use(riscv(2, 0, RemoteInvalidation.IPI));
        runOn(1, 0);
        int _ = harts.run(harts.space(), 1);
        harts.on(0);
        harts.restart();
        harts.flush(space, 1);
        assertThat(harts.count(Counter.IPI)).isZero();
        assertThat(harts.told(0)).containsExactly(page(0));
    }

    @Test
    void idleHart_isInterrupted() {
        runOn(1, 0);
        harts.scheme.idle(1);
        harts.flush(space, 1);
        assertThat(harts.count(Counter.IPI)).isEqualTo(1);
        assertThat(harts.told(1)).containsExactly(page(1));
    }

    @Test
    void ceilingIs64Pages_inStepsOfTheStride() {
        runOn(0);
        harts.flush(space, 64);
        assertThat(harts.count(Counter.INVALIDATION)).isEqualTo(64);
        harts.flush(space, 65);
        assertThat(harts.count(Counter.FULL_FLUSH)).isEqualTo(1);
        harts.restart();
        harts.flushSteps(space, 64, 2 << 20);
        assertThat(harts.count(Counter.INVALIDATION)).isEqualTo(64);
    }

    @Test
    void freedTables_takeEverything() {
        runOn(0);
        harts.flush(space, 1, true);
        assertThat(harts.told(0)).containsExactly(all(1));
    }

    @Test
    void ceilingOfZero_makesEveryFenceWhole() {
        use(new SchemeFixture(FlushScheme.Kernel.RISCV, 1, new FlushSettings(0, RemoteInvalidation.IPI, 0)));
        runOn(0);
        harts.scheme.fence(space, SchemeFixture.PAGE, FlushScheme.NO_DOMAIN);
        harts.flush(space, 1);
        assertThat(harts.told(0)).containsExactly(all(0), all(0));
        assertThat(harts.count(Counter.FULL_FLUSH)).isEqualTo(2);
        assertThat(harts.count(Counter.SWITCH_FLUSH)).isZero();
    }

    @Test
    void fence_isForTheSpaceThatRunsHere() {
        runOn(0);
        harts.scheme.fence(harts.space(), SchemeFixture.PAGE, FlushScheme.NO_DOMAIN);
        assertThat(harts.told(0)).isEmpty();
        harts.scheme.fence(space, SchemeFixture.PAGE, FlushScheme.NO_DOMAIN);
        assertThat(harts.told(0)).containsExactly(page(1));
        assertThat(harts.causes(0)).containsExactly(FlushCause.FAULT_FENCE);
    }

    @Test
    void fence_reachesTheSharedPageToo_asOneInstruction() {
        runOn(0);
        harts.scheme.fence(space, SchemeFixture.PAGE, 200);
        assertThat(harts.told(0)).containsExactly(page(1), page(200));
        assertThat(harts.count(Counter.INVALIDATION)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void idsOfDomains_areNeverGivenToSpaces(RemoteInvalidation remote) {
        int end = 256 - FlushSettings.DOMAIN_IDS;
        use(new SchemeFixture(FlushScheme.Kernel.RISCV, 1, new FlushSettings(8, remote, 64, FlushSettings.DOMAIN_IDS)));
        int highest = 0;
        for (int i = 0; i < 3 * 256; i++) {
            highest = Math.max(highest, harts.run(harts.space(), 0));
        }
        assertThat(highest).isEqualTo(end - 1);
        assertThat(harts.count(Counter.ASID_ROLLOVER)).isEqualTo(3);
    }

    @Test
    void firmware_isCalledOncePerShootdown_andForgetsSpacesForMoreThanAPage() {
        use(riscv(4, 16, RemoteInvalidation.SBI));
        runOn(1, 2, 0);
        harts.flush(space, 1);
        assertThat(harts.told(2)).containsExactly(page(1));
        assertThat(harts.count(Counter.SBI_CALL)).isEqualTo(1);
        assertThat(harts.count(Counter.REMOTE_FENCE)).isEqualTo(2);
        assertThat(harts.count(Counter.SHOOTDOWN)).isEqualTo(1);
        assertThat(harts.count(Counter.IPI)).isZero();
        harts.restart();
        harts.flush(space, 2);
        assertThat(harts.told(0)).containsExactly(all(1));
        assertThat(harts.count(Counter.FULL_FLUSH)).isEqualTo(3);
    }

    @Test
    void firmware_isNotCalledForThisHartAlone() {
        use(riscv(4, 16, RemoteInvalidation.SBI));
        runOn(0);
        harts.flush(space, 2);
        assertThat(harts.count(Counter.SBI_CALL)).isZero();
        assertThat(harts.count(Counter.INVALIDATION)).isEqualTo(2);
    }

    @Test
    void flushOfEverything_goesTheSameWay() {
        use(riscv(4, 16, RemoteInvalidation.SBI));
        harts.scheme.flushAll(FlushCause.DESIGN_FLUSH_ALL, 0);
        assertThat(harts.count(Counter.SBI_CALL)).isEqualTo(1);
        assertThat(harts.count(Counter.REMOTE_FENCE)).isEqualTo(3);
        use(riscv(1, 16, RemoteInvalidation.SBI));
        harts.scheme.flushAll(FlushCause.DESIGN_FLUSH_ALL, 0);
        assertThat(harts.count(Counter.SBI_CALL)).isZero();
        assertThat(harts.count(Counter.FULL_FLUSH)).isEqualTo(1);
    }
}
