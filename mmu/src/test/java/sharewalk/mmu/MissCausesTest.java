package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.cause.FlushShadow;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterSnapshot;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.count.MissCause;
import sharewalk.mmu.count.MissFigure;
import sharewalk.mmu.count.MissTotals;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.ExplainedHart;
import sharewalk.mmu.support.ExplainedHart.Operation;
import sharewalk.mmu.support.OperationScript;
import sharewalk.mmu.support.RawTables;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;

/// Every miss has one cause, and a flush is charged with what it has really caused.
final class MissCausesTest extends MmuFixture {
    private static final InvalidationScope WHOLE = new InvalidationScope.Asid(7);
    private static final InvalidationScope FIRST = new InvalidationScope.Page(7, PAGE, false);
    private static final int LENGTH = 2500;

    private void explain(String l1d, String l2) {
        explain(l1d, l2, "none");
    }

    private void explain(String l1d, String l2, String walkCache) {
        MachineProfile profile = MachineProfile.DEFAULT
                .withL1d(TlbGeometry.parse(l1d))
                .withL2(TlbGeometry.parse(l2))
                .withWalkCache(PageWalkCacheGeometry.parse(walkCache));
        mmu = mmu(profile);
        mmu.explainMisses(new FlushShadow(
                new FlushShadow.Hardware(profile.tlbs(), profile.walker(), tables.paging(), tables.memory(), true),
                new HartSeed(1, 0),
                QuietPageListener.NONE,
                QuietPageListener.NONE));
    }

    private void load(int page) {
        assertThat(mmu.translate(PAGE + page * 4096L, AccessType.LOAD)).isNotNegative();
    }

    private void map(int pages) {
        for (int page = 0; page < pages; page++) {
            mapPage(PAGE + page * 4096L, 0);
        }
    }

    private long misses(MissCause cause, MissFigure figure) {
        return totals().get(cause, figure);
    }

    private MissTotals totals() {
        return Objects.requireNonNull(counters.snapshot().misses());
    }

    @Test
    void pageDroppedByAFlushIsChargedToIt() {
        explain("4x2:lru", "8x4:lru");
        map(4);
        load(0);
        load(1);
        mmu.invalidate(WHOLE, FlushCause.MPROTECT);
        load(1);

        assertThat(misses(MissCause.COLD, MissFigure.L1D_MISSES)).isEqualTo(2);
        assertThat(misses(MissCause.MPROTECT, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.MPROTECT, MissFigure.L2_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.MPROTECT, MissFigure.WALK_STEPS)).isEqualTo(3);
        assertThat(totals().flushes(FlushCause.MPROTECT)).isEqualTo(1);
        assertThat(totals().dropped(FlushCause.MPROTECT)).isEqualTo(4);
    }

    @Test
    void pageThatWouldHaveMadeRoomAnywayIsNotChargedToAFlush() {
        explain("1x2:lru", "1x2:lru");
        map(4);
        load(0);
        mmu.invalidate(WHOLE, FlushCause.MPROTECT);
        load(1);
        load(2);
        load(3);
        load(0);

        assertThat(misses(MissCause.CAPACITY, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.MPROTECT, MissFigure.L1D_MISSES)).isZero();
    }

    @Test
    void missWithOneSetInTheWayIsAConflict() {
        explain("2x1:lru", "2x1:lru");
        map(3);
        load(0);
        load(2);
        load(0);

        assertThat(misses(MissCause.CONFLICT, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.CONFLICT, MissFigure.L2_MISSES)).isEqualTo(1);
    }

    @Test
    void twoCausesForOneMissAreNotTakenForEither() {
        explain("4x2:lru", "8x4:lru");
        map(1);
        load(0);
        mmu.invalidate(WHOLE, FlushCause.MPROTECT);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        load(0);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        load(0);

        assertThat(misses(MissCause.SEVERAL, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.MUNMAP, MissFigure.L1D_MISSES)).isEqualTo(1);
    }

    /// Each of 50 times, the second level misses once for each of two flushes, and never for both.
    @Test
    void hitOfTheFirstLevelClearsTheMarkOfTheSecond() {
        explain("1x4:lru", "1x8:lru");
        map(5);
        for (int i = 0; i < 50; i++) {
            for (int page = 0; page < 5; page++) {
                load(page);
            }
            load(0);
            mmu.invalidate(FIRST, FlushCause.MPROTECT);
            load(0);
            for (int page = 1; page < 5; page++) {
                load(page);
            }
            mmu.invalidate(FIRST, FlushCause.MUNMAP);
            load(0);
        }

        assertThat(misses(MissCause.MPROTECT, MissFigure.L2_MISSES)).isEqualTo(50);
        assertThat(misses(MissCause.MUNMAP, MissFigure.L2_MISSES)).isEqualTo(50);
        assertThat(misses(MissCause.SEVERAL, MissFigure.L2_MISSES)).isZero();
    }

    @Test
    void stepsAreChargedToTheFlushThatHasDroppedTheirTables() {
        explain("4x2:lru", "8x4:lru", "8/8");
        map(3);
        load(0);
        mmu.invalidate(WHOLE, FlushCause.MPROTECT);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        load(1);
        load(2);

        assertThat(misses(MissCause.MPROTECT, MissFigure.WALK_STEPS)).isEqualTo(2);
        assertThat(misses(MissCause.MUNMAP, MissFigure.WALK_STEPS)).isZero();
        assertThat(misses(MissCause.COLD, MissFigure.WALK_STEPS)).isEqualTo(5);
    }

    @Test
    void stepsThatTwoFlushesHaveLedTo_areNotTakenForEither() {
        explain("4x2:lru", "8x4:lru", "8/8");
        for (int page : new int[] {0, 1, 512, 513, 514}) {
            mapPage(PAGE + page * 4096L, 0);
        }
        load(0);
        load(512);
        mmu.invalidate(WHOLE, FlushCause.MPROTECT);
        load(513);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        load(1);
        load(514);

        assertThat(misses(MissCause.MPROTECT, MissFigure.WALK_STEPS)).isEqualTo(2);
        assertThat(misses(MissCause.SEVERAL, MissFigure.WALK_STEPS)).isEqualTo(2);
        assertThat(misses(MissCause.MUNMAP, MissFigure.WALK_STEPS)).isEqualTo(1);
    }

    @Test
    void pieceOfAPageIsColdUntilItIsHeld() {
        tables = new RawTables(PagingMode.SV39, 8 << 20);
        root = tables.newFrame();
        explain("1x128:lru@4K", "8x4:lru");
        long start = 0x4000_0000L;
        tables.put(root, start, 1, tables.entry(512, tables.leafBits(1)));
        for (int i = 0; i < 32; i++) {
            assertThat(mmu.translate(start + i * 4096L, AccessType.LOAD)).isNotNegative();
        }

        assertThat(misses(MissCause.COLD, MissFigure.L1D_MISSES)).isEqualTo(32);
        assertThat(totals().counted(MissFigure.L1D_MISSES)).isEqualTo(32);
    }

    @Test
    void flushOfAPageThatHasChangedWasNeeded() {
        explain("4x2:lru", "8x4:lru");
        map(2);
        load(0);
        load(1);
        mapPage(PAGE, 0);
        mmu.invalidate(WHOLE, FlushCause.MADVISE);
        load(0);
        load(1);

        assertThat(misses(MissCause.CHANGED, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.MADVISE, MissFigure.L1D_MISSES)).isEqualTo(1);
    }

    @Test
    void walkWithoutTranslationIsNoFlushsFault() {
        explain("4x2:lru", "8x4:lru");
        map(1);
        load(0);
        tables.put(root, PAGE, 0, 0);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isNegative();

        assertThat(misses(MissCause.UNTRANSLATED, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(totals().unflushed(MissFigure.L1D_MISSES)).isEqualTo(2);
    }

    @Test
    void givingAnIdToAnotherSpaceIsAFlushLikeAnyOther() {
        explain("4x2:lru", "8x4:lru");
        map(1);
        long first = root;
        root = tables.newFrame();
        map(1);
        for (int i = 0; i < 4; i++) {
            mmu.invalidate(WHOLE, FlushCause.CONTEXT_SWITCH);
            mmu.setSpace(new sharewalk.mmu.paging.AddressSpaceRegister(
                    i % 2 == 0 ? first : root, 7, 100 + i % 2, sharewalk.mmu.paging.DomainRanges.NONE));
            load(0);
        }

        assertThat(misses(MissCause.COLD, MissFigure.L2_MISSES)).isEqualTo(2);
        assertThat(misses(MissCause.CONTEXT_SWITCH, MissFigure.L2_MISSES)).isEqualTo(2);
    }

    @Test
    void cyclicSweepOverMorePagesThanFitChargesNothing() {
        for (String policy : List.of("lru", "fifo")) {
            explain("4x4:" + policy, "8x4:" + policy);
            map(100);
            CounterSnapshot before = counters.snapshot();
            for (int round = 0; round < 20; round++) {
                for (int page = 0; page < 100; page++) {
                    load(page);
                }
                mmu.invalidate(WHOLE, FlushCause.MPROTECT);
            }
            MissTotals during =
                    Objects.requireNonNull(counters.snapshot().minus(before).misses());
            assertThat(during.counted(MissFigure.L1D_MISSES)).isEqualTo(2000);
            assertThat(during.counted(MissFigure.L2_MISSES)).isEqualTo(2000);
            assertThat(during.get(MissCause.MPROTECT, MissFigure.L1D_MISSES)).isZero();
            assertThat(during.get(MissCause.MPROTECT, MissFigure.L2_MISSES)).isZero();
            assertThat(during.get(MissCause.MPROTECT, MissFigure.WALK_STEPS)).isZero();
        }
    }

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
