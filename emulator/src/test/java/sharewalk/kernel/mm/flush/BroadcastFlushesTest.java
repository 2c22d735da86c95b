package sharewalk.kernel.mm.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.kernel.mm.flush.SchemeFixture.all;
import static sharewalk.kernel.mm.flush.SchemeFixture.page;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.FlushCause;

class BroadcastFlushesTest {
    private static SchemeFixture harts(FlushScheme.Kernel kernel) {
        return new SchemeFixture(kernel, 4, 16, RemoteInvalidation.TLBI);
    }

    @ParameterizedTest
    @EnumSource
    void everyHartIsTold_andNoneInterrupted(FlushScheme.Kernel kernel) {
        SchemeFixture harts = harts(kernel);
        TaggedSpace space = harts.space();
        assertThat(harts.run(space, 2)).isEqualTo(1);
        assertThat(harts.run(space, 0)).isEqualTo(1);
        harts.restart();
        harts.flush(space, 1);
        for (int hart = 0; hart < 4; hart++) {
            assertThat(harts.told(hart)).containsExactly(page(1));
        }
        assertThat(harts.count(Counter.IPI)).isZero();
        assertThat(harts.count(Counter.SHOOTDOWN)).isEqualTo(1);
        assertThat(harts.count(Counter.BROADCAST)).isEqualTo(1);
        assertThat(harts.count(Counter.BROADCAST_SYNC)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"X86, 33", "RISCV, 64"})
    void oneInstructionPerPage_upToTheKernelsCeiling(FlushScheme.Kernel kernel, int ceiling) {
        SchemeFixture harts = harts(kernel);
        TaggedSpace space = harts.space();
        int _ = harts.run(space, 0);
        harts.restart();
        harts.flush(space, ceiling);
        assertThat(harts.count(Counter.BROADCAST)).isEqualTo(ceiling);
        harts.flush(space, ceiling + 1);
        assertThat(harts.count(Counter.BROADCAST)).isEqualTo(ceiling + 1);
        assertThat(harts.count(Counter.BROADCAST_SYNC)).isEqualTo(2);
        assertThat(harts.told(3)).endsWith(all(1));
    }

    @ParameterizedTest
    @EnumSource
    void spaceThatNeverRan_costsNothing(FlushScheme.Kernel kernel) {
        SchemeFixture harts = harts(kernel);
        harts.flush(harts.space(), 1);
        assertThat(harts.count(Counter.BROADCAST)).isZero();
        harts.scheme.flushAll(FlushCause.DESIGN_FLUSH_ALL, 0);
        assertThat(harts.count(Counter.BROADCAST)).isEqualTo(1);
        assertThat(harts.count(Counter.FULL_FLUSH)).isZero();
        assertThat(harts.told(3)).isNotEmpty();
    }
}
