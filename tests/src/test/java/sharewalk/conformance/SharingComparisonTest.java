package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.experiment.Measures;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.support.GuestRun;

/// What sharing page tables saves and what it does not, on the shared-buffer workload.
@Tag("native")
final class SharingComparisonTest {
    private static final int PAGES = 256;

    static Stream<Arguments> machines() {
        return GuestIsa.all().stream()
                .flatMap(isa -> isa.pagingModes().stream())
                .flatMap(paging -> Stream.of(1, 2, 4, 8).map(processes -> Arguments.of(paging, processes)));
    }

    private static GuestRun.Outcome run(PagingMode paging, int processes, String design) {
        GuestIsa isa = paging == PagingMode.X86_64_4LEVEL ? GuestIsa.X86_64 : GuestIsa.RISCV64;
        GuestRun.Outcome outcome = GuestRun.of(
                        "shared-buffer", isa, "--processes", "" + processes, "--pages", "" + PAGES, "--rounds", "4")
                .withPaging(paging)
                .withDesign(design)
                .run();
        assertThat(outcome.output()).contains(" ok");
        assertThat(outcome.result().ending().shellStatus()).isZero();
        return outcome;
    }

    private static long faults(GuestRun.Outcome outcome, Counter counter) {
        return outcome.result().phase("populate").counts().get(counter);
    }

    @ParameterizedTest
    @MethodSource("machines")
    void writersFaultOncePerProcessAndPageUnderPrivate(PagingMode paging, int processes) {
        GuestRun.Outcome outcome = run(paging, processes, "private");

        assertThat(faults(outcome, Counter.MINOR_FAULT)).isEqualTo((long) processes * PAGES);
        assertThat(faults(outcome, Counter.LINK_FAULT)).isZero();
    }

    @ParameterizedTest
    @MethodSource("machines")
    void writersFaultOncePerPageAndLinkOncePerProcessUnderMsharefs(PagingMode paging, int processes) {
        GuestRun.Outcome outcome = run(paging, processes, "msharefs");

        assertThat(faults(outcome, Counter.MINOR_FAULT)).isEqualTo(PAGES);
        assertThat(faults(outcome, Counter.LINK_FAULT)).isEqualTo(processes);
    }

    @ParameterizedTest
    @MethodSource("machines")
    void steadyDataMissesAgreeWhereTranslationsAreTagged(PagingMode paging, int processes) {
        long unshared = dataMisses(run(paging, processes, "private"));
        long shared = dataMisses(run(paging, processes, "msharefs"));

        assertThat((double) shared).isCloseTo((double) unshared, within(0.01 * unshared));
    }

    private static long dataMisses(GuestRun.Outcome outcome) {
        Measures steady = outcome.result().phase("steady");
        return steady.counts().get(Counter.L1D_LOAD_MISS) + steady.counts().get(Counter.L1D_STORE_MISS);
    }
}
