package sharewalk.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterSnapshot;
import sharewalk.mmu.count.Counters;

final class CostModelTest {
    static Stream<CostTable> tables() {
        return Stream.of(ReferenceCosts.X86_64, ReferenceCosts.RISCV);
    }

    private static CounterSnapshot of(Map<Counter, Long> totals) {
        Counters counters = new Counters();
        totals.forEach(counters::record);
        return counters.snapshot();
    }

    /// Counts that a run could have: every L2 miss is an L1 miss, every switch flush a full flush.
    private static CounterSnapshot random(SplittableRandom random) {
        Counters counters = new Counters();
        for (Counter counter : Counter.values()) {
            if (counter != Counter.L2_MISS && counter != Counter.SWITCH_FLUSH) {
                counters.record(counter, random.nextLong(1L << 40));
            }
        }
        counters.record(Counter.L2_MISS, random.nextLong(counters.get(Counter.L1I_MISS) + 1));
        counters.record(Counter.SWITCH_FLUSH, random.nextLong(counters.get(Counter.FULL_FLUSH) + 1));
        return counters.snapshot();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void sum_costsTheSumOfTheCosts(CostTable costs) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100; i++) {
            CounterSnapshot one = random(random);
            CounterSnapshot other = random(random);
            Cycles both = CostModel.price(one.plus(other), costs).total();
            assertThat(both)
                    .isEqualTo(CostModel.price(one, costs)
                            .total()
                            .plus(CostModel.price(other, costs).total()));
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void sameCounts_costTheSame_andNothingCostsNothing(CostTable costs) {
        CounterSnapshot counts = random(new SplittableRandom(2));
        assertThat(CostModel.price(counts, costs)).isEqualTo(CostModel.price(counts, costs));
        assertThat(CostModel.price(CounterSnapshot.ZERO, costs).total()).isEqualTo(Cycles.ZERO);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyLine_growsFromLowToHigh_andComponentsSumUp(CostTable costs) {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 100; i++) {
            PricedCounts priced = CostModel.price(random(random), costs);
            for (PricedCounts.Line line : priced.lines()) {
                Cycles cycles = line.cycles();
                assertThat(cycles.low()).isBetween(0L, cycles.typical());
                assertThat(cycles.typical()).isLessThanOrEqualTo(cycles.high());
            }
            Cycles sum = Stream.of(Component.values()).map(priced::of).reduce(Cycles.ZERO, Cycles::plus);
            assertThat(priced.total()).isEqualTo(sum);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCounter_isPricedOrFree_andNotBoth(Counter counter) {
        Cycles cycles =
                CostModel.price(of(Map.of(counter, 1L)), ReferenceCosts.RISCV).total();
        if (counter == Counter.SWITCH_FLUSH) {
            assertThat(cycles.high())
                    .isEqualTo(ReferenceCosts.RISCV.cost(Primitive.SWITCH_FLUSH).high()
                            - ReferenceCosts.RISCV.cost(Primitive.FULL_FLUSH).high());
        } else {
            assertThat(cycles.high() == 0)
                    .isEqualTo(FreeCounters.reason(counter).isPresent());
        }
    }

    @Test
    void walkSteps_areBoundedByFullAndByNoResidency() {
        CostTable costs = ReferenceCosts.X86_64;
        for (Counter found : new Counter[] {
            Counter.PTE_FOUND_L1, Counter.PTE_FOUND_L2, Counter.PTE_FOUND_L3, Counter.PTE_FOUND_MEMORY
        }) {
            Cycles cycles = CostModel.price(of(Map.of(Counter.WALK_STEP, 10L, found, 10L)), costs)
                    .total();
            assertThat(cycles.low())
                    .isEqualTo(10 * costs.cost(Primitive.WALK_STEP_L1).low());
            assertThat(cycles.high())
                    .isEqualTo(10 * costs.cost(Primitive.WALK_STEP_MEMORY).high());
        }
        assertThat(CostModel.price(of(Map.of(Counter.PTE_FOUND_L3, 10L)), costs)
                        .total()
                        .typical())
                .isEqualTo(10 * costs.cost(Primitive.WALK_STEP_L3).typical());
    }

    @Test
    void l1Miss_paysForTheSecondLevelWhetherItAnswersOrNot() {
        CounterSnapshot counts = of(Map.of(
                Counter.L1D_LOAD_MISS, 5L, Counter.L1D_STORE_MISS, 3L, Counter.L1I_MISS, 2L, Counter.L2_MISS, 4L));
        assertThat(CostModel.times(Primitive.L2_TLB_HIT, counts)).isEqualTo(10);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void switchFlush_isNoFullFlushAsWell(CostTable costs) {
        CounterSnapshot counts = of(Map.of(Counter.FULL_FLUSH, 5L, Counter.SWITCH_FLUSH, 3L));
        assertThat(CostModel.times(Primitive.FULL_FLUSH, counts)).isEqualTo(2);
        assertThat(CostModel.times(Primitive.SWITCH_FLUSH, counts)).isEqualTo(3);
        assertThat(CostModel.price(counts, costs).total().typical())
                .isEqualTo(2 * costs.cost(Primitive.FULL_FLUSH).typical()
                        + 3 * costs.cost(Primitive.SWITCH_FLUSH).typical());
    }

    @Test
    void x86Switch_flushesByTheWriteThatItIncludes() {
        CounterSnapshot counts =
                of(Map.of(Counter.CONTEXT_SWITCH, 7L, Counter.FULL_FLUSH, 7L, Counter.SWITCH_FLUSH, 7L));
        Cycles cycles = CostModel.price(counts, ReferenceCosts.X86_64).total();
        Cost once = ReferenceCosts.X86_64.cost(Primitive.CONTEXT_SWITCH);
        assertThat(cycles.typical()).isEqualTo(7 * once.typical());
        assertThat(cycles.low()).isEqualTo(7 * once.low());
    }

    @Test
    void tableLinked_paysForTheEntryOnce() {
        assertThat(Primitive.TABLE_ALLOCATION.meaning()).contains("a pteWrite").doesNotContain("and linked");
    }
}
