package sharewalk.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.cpu.GuestIsa;
import sharewalk.experiment.Metric;
import sharewalk.experiment.operation.Operation;
import sharewalk.experiment.operation.OperationCost;
import sharewalk.experiment.operation.OperationPlan;
import sharewalk.experiment.operation.OperationRun;
import sharewalk.experiment.operation.Outcome;
import sharewalk.kernel.share.Designs;
import sharewalk.mmu.count.Counter;
import sharewalk.support.GuestRun;

/// What `sharewalk cost` counts, against what can be worked out by hand: 64 pages, 32 in each of two blocks of 2 MiB,
/// shared by 4 processes on 4 harts.
///
/// The region has a slot of the root to itself. So a process's own tables for it are one for each level below the root
/// and one more at level 0, as many as there are levels; and a pass over it reads the 512 entries of both tables at
/// level 0 and, on its way, one entry at each level above, two at level 1.
@Tag("native")
final class OperationCostsTest {
    private static final int SHARERS = 4;
    private static final int HARTS = 4;
    private static final int PAGES = 64;
    private static final int BLOCK_PAGES = PAGES / 2;
    private static final int ENTRIES = 512;
    private static final OperationPlan PLAN = new OperationPlan(SHARERS, PAGES, 2, Set.of());

    private static final Outcome SILENCE = new Outcome.Absent("the program says nothing of it");

    /// What a sharer's round touches beside the region: its code, its stack, where it takes orders.
    private static final int OTHER_PAGES = 6;

    private static final ConcurrentMap<String, OperationRun> RUNS = new ConcurrentHashMap<>();

    static List<GuestIsa> isas() {
        return GuestIsa.all();
    }

    private static OperationRun run(GuestIsa isa, String design) {
        return RUNS.computeIfAbsent(isa.name() + design, _ -> run(isa, design, PLAN, HARTS));
    }

    private static OperationRun run(GuestIsa isa, String design, OperationPlan plan, int harts) {
        GuestRun.Outcome outcome = GuestRun.of(
                        OperationPlan.PROGRAM, isa, plan.arguments(harts).toArray(String[]::new))
                .withHarts(harts)
                .withDesign(design)
                .run();
        return OperationRun.of(plan, outcome.result(), outcome.output());
    }

    private static OperationCost cost(GuestIsa isa, String design, Operation operation) {
        OperationRun run = run(isa, design);
        assertThat(run.trouble()).isEmpty();
        OperationCost cost = run.cost(operation);
        assertThat(cost.isMade()).as("%s: %s", operation, cost.outcome()).isTrue();
        return cost;
    }

    private static List<Long> during(OperationCost cost, Metric... metrics) {
        return Arrays.stream(metrics).map(cost.during()::get).toList();
    }

    private static long levels(GuestIsa isa) {
        return isa.defaultPaging().levels();
    }

    @ParameterizedTest
    @MethodSource("isas")
    void firstTouchFaultsAndWritesAnEntryForEachPage_andOneForEachTable(GuestIsa isa) {
        OperationCost own = cost(isa, "private", Operation.FIRST_TOUCH);
        OperationCost shared = cost(isa, "msharefs", Operation.FIRST_TOUCH);

        assertThat(during(own, Metric.FAULTS, Metric.PAGES_ZEROED, Metric.TABLES_ALLOCATED, Metric.PTE_WRITES))
                .containsExactly((long) PAGES, (long) PAGES, levels(isa), PAGES + levels(isa));
        // One fault more, which writes the entry of the root.
        assertThat(during(shared, Metric.FAULTS, Metric.LINK_FAULTS, Metric.PTE_WRITES))
                .containsExactly(PAGES + 1L, 1L, PAGES + levels(isa) + 1);
        assertThat(during(shared, Metric.PAGES_ZEROED, Metric.TABLES_ALLOCATED))
                .containsExactly((long) PAGES, levels(isa));
    }

    @ParameterizedTest
    @MethodSource("isas")
    void everyOtherSharerPaysTheSameUnderPrivate_andOneEntryUnderMsharefs(GuestIsa isa) {
        long others = SHARERS - 1;
        Metric[] metrics = {Metric.FAULTS, Metric.PTE_WRITES, Metric.TABLES_ALLOCATED, Metric.PAGES_ZEROED};

        assertThat(during(cost(isa, "private", Operation.LINK_FAULT), metrics))
                .containsExactly(others * PAGES, others * (PAGES + levels(isa)), others * levels(isa), 0L);
        OperationCost shared = cost(isa, "msharefs", Operation.LINK_FAULT);
        assertThat(during(shared, metrics)).containsExactly(others, others, 0L, 0L);
        assertThat(during(shared, Metric.LINK_FAULTS, Metric.PTE_READS)).containsExactly(others, others);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void attachIsOneCallAndOneAreaForEachSharer(GuestIsa isa) {
        for (String design : List.of("private", "msharefs")) {
            OperationCost cost = cost(isa, design, Operation.ATTACH);

            assertThat(during(cost, Metric.SYSCALLS, Metric.AREA_CHANGES, Metric.PTE_WRITES, Metric.FAULTS))
                    .as(design)
                    .containsExactly((long) SHARERS, (long) SHARERS, 0L, 0L);
            assertThat(cost.outcome()).isEqualTo(new Outcome.Made(SHARERS, ""));
        }
    }

    @ParameterizedTest
    @MethodSource("isas")
    void mprotectPassesOverBothTablesAndWritesEachPagesEntry(GuestIsa isa) {
        OperationCost cost = cost(isa, "private", Operation.MPROTECT);

        assertThat(during(cost, Metric.SYSCALLS, Metric.PTE_READS, Metric.PTE_WRITES, Metric.FAULTS))
                .containsExactly(1L, 2 * ENTRIES + levels(isa), (long) PAGES, 0L);
        // 1,024 pages are beyond the ceiling of both architectures: all of the space goes, and is walked for again.
        assertThat(cost.during().get(Metric.FULL_FLUSHES)).isPositive();
        assertThat(cost.aftermath().get(Counter.L2_MISS)).isBetween((long) PAGES, (long) PAGES + OTHER_PAGES);
    }

    /// Three calls a sharer: its mprotect; a wake by the sender, and its own wait; and in the sender's stead the
    /// sender's wait for the answers and the last one's wake.
    @ParameterizedTest
    @MethodSource("isas")
    void protectingForAllUnderPrivateIsACallAndAMessageInEveryProcess(GuestIsa isa) {
        OperationCost cost = cost(isa, "private", Operation.PROTECT_FOR_ALL);

        assertThat(cost.outcome()).isEqualTo(new Outcome.Made(SHARERS, "by messages"));
        assertThat(during(cost, Metric.SYSCALLS, Metric.PTE_WRITES, Metric.PTE_READS))
                .containsExactly(3L * SHARERS, (long) SHARERS * PAGES, SHARERS * (2 * ENTRIES + levels(isa)));
        // Each sharer has a hart to itself, which idles while it waits.
        assertThat(cost.during().get(Metric.CONTEXT_SWITCHES)).isZero();
    }

    @ParameterizedTest
    @MethodSource("isas")
    void unmappingABlockForAllIsOncePerSharerUnderPrivate_andOnceUnderMsharefs(GuestIsa isa) {
        Metric[] metrics = {Metric.PTE_WRITES, Metric.TABLES_FREED, Metric.AREA_CHANGES};
        // The block's entries, and the one that led to their table; an area split, and one of its halves removed.
        assertThat(during(cost(isa, "private", Operation.UNMAP_FOR_ALL), metrics))
                .containsExactly(SHARERS * (BLOCK_PAGES + 1L), (long) SHARERS, 2L * SHARERS);

        OperationCost shared = cost(isa, "msharefs", Operation.UNMAP_FOR_ALL);
        assertThat(during(shared, metrics)).containsExactly(BLOCK_PAGES + 1L, 1L, 2L);
        assertThat(during(shared, Metric.SYSCALLS, Metric.FULL_FLUSHES, Metric.SHOOTDOWNS, Metric.IPIS))
                .containsExactly(1L, (long) HARTS, 1L, HARTS - 1L);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void flushingOnePageClearsItsEntryInEveryTable_andMsharefsFlushesEveryHart(GuestIsa isa) {
        OperationCost own = cost(isa, "private", Operation.FLUSH);
        OperationCost shared = cost(isa, "msharefs", Operation.FLUSH);

        assertThat(during(own, Metric.SYSCALLS, Metric.PTE_WRITES, Metric.FULL_FLUSHES))
                .containsExactly(1L, (long) SHARERS, 0L);
        assertThat(own.aftermath().get(Counter.L2_MISS)).isZero();
        assertThat(during(shared, Metric.SYSCALLS, Metric.PTE_WRITES, Metric.FULL_FLUSHES, Metric.IPIS))
                .containsExactly(1L, 1L, (long) HARTS, HARTS - 1L);
        assertThat(shared.aftermath().get(Counter.L2_MISS))
                .isBetween(SHARERS * (PAGES - 1L), SHARERS * (PAGES - 1L + OTHER_PAGES));
    }

    @ParameterizedTest
    @MethodSource("isas")
    void flushingOnePageUnderPrivateIsAShootdownForEachSharerThatRunsElsewhere(GuestIsa isa) {
        OperationCost own = cost(isa, "private", Operation.FLUSH);

        // x86 tells the harts that run a sharer, RISC-V those that ever have: each is on a hart of its own from birth.
        assertThat(during(own, Metric.SHOOTDOWNS, Metric.IPIS, Metric.INVALIDATIONS))
                .containsExactly(SHARERS - 1L, HARTS - 1L, (long) HARTS);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void munmapFreesAllTablesUnderPrivate_andClearsOneEntryUnderMsharefs(GuestIsa isa) {
        Metric[] metrics = {Metric.PTE_WRITES, Metric.TABLES_FREED, Metric.AREA_CHANGES};

        assertThat(during(cost(isa, "private", Operation.MUNMAP), metrics))
                .containsExactly(PAGES + levels(isa), levels(isa), 1L);
        assertThat(during(cost(isa, "msharefs", Operation.MUNMAP), metrics)).containsExactly(1L, 0L, 1L);
    }

    @ParameterizedTest
    @MethodSource("isas")
    void exitFreesTheRegionsTablesBesideTheProcesssOwnUnderPrivateOnly(GuestIsa isa) {
        OperationCost own = cost(isa, "private", Operation.EXIT);
        OperationCost shared = cost(isa, "msharefs", Operation.EXIT);

        assertThat(own.during().get(Metric.TABLES_FREED) - shared.during().get(Metric.TABLES_FREED))
                .isEqualTo(levels(isa));
    }

    @ParameterizedTest
    @MethodSource("isas")
    void aStoreAfterForkCopiesOnePage(GuestIsa isa) {
        for (String design : List.of("private", "msharefs")) {
            assertThat(during(
                            cost(isa, design, Operation.STORE_AFTER_FORK),
                            Metric.FAULTS,
                            Metric.PAGES_COPIED,
                            Metric.PTE_WRITES))
                    .as(design)
                    .containsExactly(1L, 1L, 1L);
        }
    }

    @ParameterizedTest
    @MethodSource("isas")
    void whatADesignHasNotIsSaidAndNotZero(GuestIsa isa) {
        assertThat(run(isa, "private").cost(Operation.UNSHARE).outcome())
                .isEqualTo(new Outcome.Absent("no tables are shared"));
        assertThat(run(isa, "msharefs").cost(Operation.UNSHARE).outcome()).isEqualTo(new Outcome.Refused("EINVAL", ""));
        assertThat(run(isa, "msharefs").cost(Operation.PROTECT_FOR_ALL).outcome())
                .isEqualTo(new Outcome.Refused("EINVAL", "by messages"));
    }

    /// Each table is copied, entry by entry, and its place in the process's own level-1 table written; then mprotect
    /// passes over both copies and writes each page's entry again.
    @ParameterizedTest
    @MethodSource("isas")
    void unsharingByCopyWritesEachEntryTwiceAndEachTableOnce(GuestIsa isa) {
        OperationCost cost = cost(isa, "shared-pt-2026", Operation.UNSHARE);

        assertThat(during(cost, Metric.TABLES_COPIED, Metric.TABLES_ALLOCATED, Metric.TABLES_FREED, Metric.PTE_WRITES))
                .containsExactly(2L, 2L, 0L, 2L * PAGES + 2);
        assertThat(cost.during().get(Metric.PTE_READS)).isBetween(4L * ENTRIES, 4L * ENTRIES + 4 * levels(isa));
        assertThat(cost.aftermath().get(Counter.FAULT)).isZero();
    }

    @ParameterizedTest
    @MethodSource("isas")
    void protectingForAllByOneCallWritesEachEntryOnceHoweverManyShare(GuestIsa isa) {
        for (String design : List.of("shared-pt-2022", "mshare-2026", "container")) {
            assertThat(during(cost(isa, design, Operation.PROTECT_FOR_ALL), Metric.SYSCALLS, Metric.PTE_WRITES))
                    .as(design)
                    .containsExactly(1L, (long) PAGES);
        }
    }

    /// The walk of mshare-2026 meets each sharer; the three that run elsewhere are interrupted one by one.
    @ParameterizedTest
    @MethodSource("isas")
    void flushingOnePageByWalkingTheSharersLeavesTheirOtherPagesAlone(GuestIsa isa) {
        OperationCost cost = cost(isa, "mshare-2026", Operation.FLUSH);

        assertThat(during(cost, Metric.PTE_WRITES, Metric.SHARER_VISITS, Metric.IPI_ROUNDS, Metric.IPIS))
                .containsExactly(1L, (long) SHARERS, SHARERS - 1L, SHARERS - 1L);
        assertThat(during(cost, Metric.INVALIDATIONS, Metric.FULL_FLUSHES)).containsExactly((long) SHARERS, 0L);
        assertThat(cost.aftermath().get(Counter.L2_MISS)).isZero();
    }

    /// 2 MiB at a time: one fault for each block; a table at level 1 and what is above it, and no table below.
    @ParameterizedTest
    @MethodSource("isas")
    void firstTouchOfHugePagesFaultsOncePerBlock(GuestIsa isa) {
        OperationCost cost = cost(isa, "hugetlb", Operation.FIRST_TOUCH);

        assertThat(during(cost, Metric.FAULTS, Metric.TABLES_ALLOCATED, Metric.PTE_WRITES))
                .containsExactly(2L, levels(isa) - 2, 2 + levels(isa) - 2);
    }

    /// The entries of the table, the one that leads to the copy, and that of the page copied; the other tables of the
    /// parent are its own again since it went on.
    @ParameterizedTest
    @MethodSource("isas")
    void aStoreAfterForkCopiesTheTableToo_whereForkSharesIt(GuestIsa isa) {
        OperationCost cost = cost(isa, "fork-cow", Operation.STORE_AFTER_FORK);

        assertThat(during(cost, Metric.FAULTS, Metric.TABLES_COPIED, Metric.PAGES_COPIED, Metric.PTE_WRITES))
                .containsExactly(1L, 1L, 1L, PAGES + 2L);
    }

    static Stream<Arguments> everyDesign() {
        return isas().stream()
                .flatMap(isa -> Designs.all().stream()
                        .filter(design -> design.supports(isa.defaultPaging()))
                        .map(design -> Arguments.of(isa, design.name())));
    }

    @ParameterizedTest
    @MethodSource("everyDesign")
    void everyDesignMakesEachOperationOrSaysWhyNot(GuestIsa isa, String design) {
        OperationRun run = run(isa, design, new OperationPlan(2, 8, 2, Set.of()), 2);

        assertThat(run.trouble()).isEmpty();
        for (OperationCost cost : run.costs()) {
            assertThat(cost.outcome()).as(cost.operation().key()).isNotEqualTo(SILENCE);
            if (cost.isMade()) {
                assertThat(cost.during().get(Metric.INSTRUCTIONS))
                        .as(cost.operation().key())
                        .isPositive();
            }
        }
        for (Operation operation : List.of(Operation.ATTACH, Operation.FIRST_TOUCH, Operation.MUNMAP, Operation.EXIT)) {
            assertThat(run.cost(operation).isMade()).as(operation.key()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("isas")
    void workingSetsAreBackAfterOneRound(GuestIsa isa) {
        for (String design : List.of("private", "msharefs")) {
            assertThat(run(isa, design).costs()).as(design).allMatch(OperationCost::isSettled);
        }
    }
}
