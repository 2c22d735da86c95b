package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
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
    private static final int FAULT_AROUND_PAGES = 16;

    static Stream<Arguments> machines() {
        return pagingModes().flatMap(paging -> Stream.of(1, 2, 4, 8).map(processes -> Arguments.of(paging, processes)));
    }

    private static GuestRun.Outcome run(PagingMode paging, int processes, String design, String... more) {
        GuestIsa isa = GuestIsa.X86_64.pagingModes().contains(paging) ? GuestIsa.X86_64 : GuestIsa.RISCV64;
        List<String> arguments =
                new ArrayList<>(List.of("--processes", "" + processes, "--pages", "" + PAGES, "--rounds", "4"));
        arguments.addAll(List.of(more));
        GuestRun.Outcome outcome = GuestRun.of("shared-buffer", isa, arguments.toArray(String[]::new))
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

    /// do_fault_around maps the 16 pages of the aligned 64 KiB around a read fault that are in the page cache.
    @ParameterizedTest
    @MethodSource("machines")
    void readersFaultOncePerSixteenPagesUnderPrivate_andOnlyLinkUnderMsharefs(PagingMode paging, int processes) {
        GuestRun.Outcome unshared = run(paging, processes, "private", "--readers");
        GuestRun.Outcome shared = run(paging, processes, "msharefs", "--readers");

        assertThat(faults(unshared, Counter.MINOR_FAULT))
                .isEqualTo(PAGES + (processes - 1) * (long) PAGES / FAULT_AROUND_PAGES);
        assertThat(faults(shared, Counter.MINOR_FAULT)).isEqualTo(PAGES);
        assertThat(faults(shared, Counter.LINK_FAULT)).isEqualTo(processes);
    }

    @ParameterizedTest
    @MethodSource("pagingModes")
    void tableBytesOfTheRegion_growWithSharersUnderPrivate_andStayFlatUnderMsharefs(PagingMode paging) {
        long one = regionTableBytes(run(paging, 1, "private"));
        assertThat(regionTableBytes(run(paging, 4, "private"))).isEqualTo(4 * one);
        assertThat(regionTableBytes(run(paging, 8, "private"))).isEqualTo(8 * one);

        long sharedOne = sharedTableBytes(run(paging, 1, "msharefs"));
        assertThat(sharedOne).isPositive();
        assertThat(sharedTableBytes(run(paging, 8, "msharefs"))).isEqualTo(sharedOne);
    }

    private static long regionTableBytes(GuestRun.Outcome outcome) {
        return outcome.result().mappings().stream()
                .filter(mapping -> mapping.name().startsWith("/memfd:"))
                .mapToLong(mapping -> mapping.measures().pageTableBytesPeak())
                .sum();
    }

    private static long sharedTableBytes(GuestRun.Outcome outcome) {
        return outcome.result().totals().sharedPageTableBytesPeak();
    }

    static Stream<PagingMode> pagingModes() {
        return GuestIsa.all().stream().flatMap(isa -> isa.pagingModes().stream());
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
