package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterSnapshot;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.count.MissCause;
import sharewalk.mmu.count.MissFigure;
import sharewalk.mmu.count.MissTotals;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.ExplainedHart;
import sharewalk.mmu.support.ExplainedHart.Operation;
import sharewalk.mmu.support.OperationScript;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;

/// Why harts miss that do one random thing after another, against harts that are spared flushes.
final class MissCausesOfScriptsTest {
    private static final int LENGTH = 2500;

    static Stream<Arguments> machines() {
        List<Arguments> machines = new ArrayList<>();
        for (String policy : List.of("fifo", "lru", "plru", "random")) {
            for (String shape : List.of("16x4", "1x32", "2x2")) {
                for (PagingMode paging : List.of(PagingMode.SV39, PagingMode.X86_64_4LEVEL)) {
                    machines.add(Arguments.of(paging, shape + ":" + policy, "2/1"));
                }
            }
        }
        machines.add(Arguments.of(PagingMode.SV48, "4x4:lru", "physical:6"));
        return machines.stream();
    }

    private static MachineProfile profile(String firstLevel, String walkCache) {
        return MachineProfile.DEFAULT
                .withL1d(TlbGeometry.parse(firstLevel))
                .withL1i(TlbGeometry.parse(firstLevel))
                .withL2(TlbGeometry.parse("8x4:" + firstLevel.substring(firstLevel.indexOf(':') + 1)))
                .withWalkCache(PageWalkCacheGeometry.parse(walkCache));
    }

    /// What would be left without flushes is what is counted when they drop only what has changed, to the last miss
    /// and step and under every policy; and what is counted is the sum of its causes.
    @ParameterizedTest
    @MethodSource("machines")
    void chargesAreTheDifferenceToARunWhoseFlushesDropOnlyWhatChanged(
            PagingMode paging, String firstLevel, String walkCache) {
        MachineProfile profile = profile(firstLevel, walkCache);
        for (long seed = 1; seed <= 3; seed++) {
            OperationScript.run(seed, LENGTH, Operation::random, () -> new OperationScript.Subject<Operation>() {
                private final ExplainedHart flushed = new ExplainedHart(paging, profile, false, Set.of());
                private final ExplainedHart spared =
                        new ExplainedHart(paging, profile, false, EnumSet.allOf(FlushCause.class));

                @Override
                public void apply(Operation operation) {
                    flushed.apply(operation);
                    spared.apply(operation);
                }

                @Override
                public void finish() {
                    CounterSnapshot real = flushed.counters();
                    MissTotals causes = Objects.requireNonNullElseGet(real.misses(), MissTotals::new);
                    for (MissFigure figure : MissFigure.values()) {
                        assertThat(causes.counted(figure)).as("%s", figure).isEqualTo(count(real, figure));
                        assertThat(causes.unflushed(figure))
                                .as("%s without flushes", figure)
                                .isEqualTo(count(spared.counters(), figure));
                    }
                }
            });
        }
    }

    static Stream<Arguments> roomyMachines() {
        return Stream.of(PagingMode.SV39, PagingMode.SV48, PagingMode.X86_64_4LEVEL)
                .flatMap(paging -> Stream.of("none", "16/16").map(walkCache -> Arguments.of(paging, walkCache)));
    }

    /// Where nothing has to make room, each cause is charged with what is not counted when it alone is spared: nothing
    /// else can come of sparing it.
    @ParameterizedTest
    @MethodSource("roomyMachines")
    void eachCauseIsChargedWithWhatSparingItAloneSaves(PagingMode paging, String walkCache) {
        MachineProfile profile = profile("64x32:lru", walkCache).withL2(TlbGeometry.parse("64x32:lru"));
        // A step may be saved by sparing the TLBs or the walk cache, and then it is the TLBs' cause that is charged.
        Set<MissFigure> figures = walkCache.equals("none")
                ? EnumSet.allOf(MissFigure.class)
                : EnumSet.complementOf(EnumSet.of(MissFigure.WALK_STEPS));
        for (long seed = 1; seed <= 3; seed++) {
            OperationScript.run(seed, LENGTH, Operation::random, () -> new OperationScript.Subject<Operation>() {
                private final ExplainedHart flushed = new ExplainedHart(paging, profile, false, Set.of());
                private final List<ExplainedHart> spared = ExplainedHart.CAUSES.stream()
                        .map(cause -> new ExplainedHart(paging, profile, false, Set.of(cause)))
                        .toList();

                @Override
                public void apply(Operation operation) {
                    flushed.apply(operation);
                    spared.forEach(hart -> hart.apply(operation));
                }

                @Override
                public void finish() {
                    CounterSnapshot real = flushed.counters();
                    MissTotals causes = Objects.requireNonNullElseGet(real.misses(), MissTotals::new);
                    for (int i = 0; i < spared.size(); i++) {
                        FlushCause cause = ExplainedHart.CAUSES.get(i);
                        for (MissFigure figure : figures) {
                            assertThat(causes.get(MissCause.of(cause), figure))
                                    .as("%s of %s", figure, cause)
                                    .isEqualTo(count(real, figure)
                                            - count(spared.get(i).counters(), figure));
                        }
                    }
                }
            });
        }
    }

    /// Pages answered elsewhere while they are quiet leave every cause as it is.
    @ParameterizedTest
    @MethodSource("machines")
    void answeringQuietPagesElsewhereChangesNoCause(PagingMode paging, String firstLevel, String walkCache) {
        MachineProfile profile = profile(firstLevel, walkCache);
        for (long seed = 1; seed <= 3; seed++) {
            OperationScript.run(seed, LENGTH, Operation::random, () -> new OperationScript.Subject<Operation>() {
                private final ExplainedHart every = new ExplainedHart(paging, profile, false, Set.of());
                private final ExplainedHart quiet = new ExplainedHart(paging, profile, true, Set.of());

                @Override
                public void apply(Operation operation) {
                    every.apply(operation);
                    quiet.apply(operation);
                }

                @Override
                public void finish() {
                    assertThat(quiet.counters()).isEqualTo(every.counters());
                    assertThat(quiet.counters().misses())
                            .isEqualTo(every.counters().misses());
                }
            });
        }
    }

    private static long count(CounterSnapshot counts, MissFigure figure) {
        return switch (figure) {
            case L1I_MISSES -> counts.get(Counter.L1I_MISS);
            case L1D_MISSES -> counts.l1dMisses();
            case L2_MISSES -> counts.get(Counter.L2_MISS);
            case WALK_STEPS -> counts.get(Counter.WALK_STEP);
        };
    }
}
