package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.unicorn.MissExplanation;
import sharewalk.experiment.Measures;
import sharewalk.experiment.Metric;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.count.MissCause;
import sharewalk.mmu.count.MissFigure;
import sharewalk.mmu.count.MissTotals;
import sharewalk.support.GuestRun;
import sharewalk.support.Guests;

/// What programs are told about why their TLBs missed.
@Tag("native")
@Execution(ExecutionMode.CONCURRENT)
final class MissCausesTest {
    private static final List<String> POLICIES = List.of("fifo", "lru", "plru", "random");

    static Stream<GuestRun> everyProgram() {
        return Stream.concat(Guests.everywhere(), Guests.underMsharefs())
                .flatMap(run -> POLICIES.stream()
                        .flatMap(policy -> Stream.of(
                                run.withFirstLevel("16x4:" + policy),
                                run.withFirstLevel("1x16:" + policy).withHarts(2))));
    }

    /// Fast mode finds the same causes as exhaustive mode, under every policy, and explaining changes no figure.
    @ParameterizedTest
    @MethodSource("everyProgram")
    void causesAreTheSameInBothModes(GuestRun run) {
        requireSameCauses(run);
    }

    static void requireSameCauses(GuestRun run) {
        GuestRun.Outcome plain = run.run();
        GuestRun.Outcome fast = run.runExplaining(MissExplanation.ofEveryFlush());
        GuestRun.Outcome exhaustive = run.exhaustively().runExplaining(MissExplanation.ofEveryFlush());

        assertThat(fast.missCounts()).isEqualTo(plain.missCounts());
        List<Measures> fastMeasures = everyMeasure(fast);
        List<Measures> exhaustiveMeasures = everyMeasure(exhaustive);
        assertThat(fastMeasures).hasSameSizeAs(exhaustiveMeasures);
        for (int i = 0; i < fastMeasures.size(); i++) {
            assertThat(causes(fastMeasures.get(i))).isEqualTo(causes(exhaustiveMeasures.get(i)));
        }
    }

    private static List<Measures> everyMeasure(GuestRun.Outcome outcome) {
        List<Measures> all = new ArrayList<>(List.of(outcome.result().totals()));
        outcome.result().phases().forEach(phase -> all.add(phase.measures()));
        outcome.result().processes().forEach(process -> all.add(process.measures()));
        return all;
    }

    /// Fast mode does not tell capacity from conflict misses of the first level.
    private static List<String> causes(Measures measures) {
        MissTotals misses = totals(measures);
        List<String> causes = new ArrayList<>();
        for (MissFigure figure : MissFigure.values()) {
            long replaced = misses.get(MissCause.REPLACED, figure)
                    + misses.get(MissCause.CAPACITY, figure)
                    + misses.get(MissCause.CONFLICT, figure);
            causes.add("replaced %s %d".formatted(figure, replaced));
            for (MissCause cause :
                    EnumSet.complementOf(EnumSet.of(MissCause.REPLACED, MissCause.CAPACITY, MissCause.CONFLICT))) {
                causes.add("%s %s %d".formatted(cause, figure, misses.get(cause, figure)));
            }
            assertThat(misses.counted(figure)).isEqualTo(counted(measures, figure));
        }
        for (FlushCause cause : FlushCause.values()) {
            causes.add("%s %d %d".formatted(cause, misses.flushes(cause), misses.dropped(cause)));
        }
        return causes;
    }

    static Stream<GuestRun> sweeps() {
        return GuestIsa.all().stream()
                .flatMap(isa -> POLICIES.stream()
                        .map(policy -> GuestRun.of("flush-sweep", isa, "40", "50", "mprotect")
                                .withFirstLevel("16x4:" + policy)));
    }

    /// What is charged in the phase where one cause alone flushes is what a run whose flushes for it drop only what has
    /// changed does not count.
    @ParameterizedTest
    @MethodSource("sweeps")
    void chargesAreTheDifferenceToARunThatIsSpared(GuestRun run) {
        GuestRun.Outcome flushed = run.runExplaining(MissExplanation.ofEveryFlush());
        GuestRun.Outcome spared = run.runExplaining(new MissExplanation(true, EnumSet.of(FlushCause.MPROTECT)));

        Measures with = flushed.result().phase("steady");
        Measures without = spared.result().phase("steady");
        assertThat(spared.output()).isEqualTo(flushed.output());
        for (MissFigure figure : MissFigure.values()) {
            long charged = totals(with).counted(figure) - totals(with).unflushed(figure);
            assertThat(charged).as("%s", figure).isEqualTo(counted(with, figure) - counted(without, figure));
        }
        assertThat(totals(with).get(MissCause.MPROTECT, MissFigure.L1D_MISSES)).isGreaterThan(1900);
    }

    /// A sweep over more pages than the TLBs hold misses anyway.
    @ParameterizedTest
    @MethodSource("isas")
    void sweepOverMoreThanFitsChargesAlmostNothing(GuestIsa isa) {
        Measures steady = GuestRun.of("flush-sweep", isa, "2000", "20", "mprotect")
                .withFirstLevel("16x4:lru")
                .runExplaining(MissExplanation.ofEveryFlush())
                .result()
                .phase("steady");
        long charged =
                totals(steady).counted(MissFigure.L1D_MISSES) - totals(steady).unflushed(MissFigure.L1D_MISSES);
        assertThat(counted(steady, MissFigure.L1D_MISSES)).isGreaterThan(40_000);
        assertThat(totals(steady).flushes(FlushCause.MPROTECT)).isEqualTo(20);
        assertThat(charged).isBetween(0L, 200L);
    }

    /// Without ids of address spaces every switch flushes; that is charged with what a machine with ids does not count.
    @ParameterizedTest
    @MethodSource("isas")
    void switchesAreChargedWithWhatIdsWouldSave(GuestIsa isa) {
        GuestRun run = GuestRun.of("shared-buffer", isa, "--processes", "3", "--pages", "32", "--rounds", "4")
                .withFirstLevel("16x4:lru");
        Measures without = run.withAsidBits(0)
                .runExplaining(MissExplanation.ofEveryFlush())
                .result()
                .totals();
        Measures with =
                run.runExplaining(MissExplanation.ofEveryFlush()).result().totals();

        long charged = totals(without).get(MissCause.CONTEXT_SWITCH, MissFigure.L2_MISSES);
        long saved = counted(without, MissFigure.L2_MISSES) - counted(with, MissFigure.L2_MISSES);
        assertThat(charged).isPositive();
        assertThat((double) saved).isBetween(0.95 * charged, 1.05 * charged);
    }

    static Stream<GuestIsa> isas() {
        return GuestIsa.all().stream();
    }

    private static MissTotals totals(Measures measures) {
        return Objects.requireNonNullElseGet(measures.counts().misses(), MissTotals::new);
    }

    private static long counted(Measures measures, MissFigure figure) {
        return measures.get(
                switch (figure) {
                    case L1I_MISSES -> Metric.L1I_MISSES;
                    case L1D_MISSES -> Metric.L1D_MISSES;
                    case L2_MISSES -> Metric.L2_MISSES;
                    case WALK_STEPS -> Metric.WALK_STEPS;
                });
    }
}
