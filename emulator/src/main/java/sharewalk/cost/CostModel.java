package sharewalk.cost;

import java.util.ArrayList;
import java.util.List;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterSnapshot;

/// Turns counters into cycles by a machine's prices: a pure and additive function, applied after a run.
///
/// Low prices every step of a walk as if the entry lay in the first-level cache (100 % residency), high as if it had to
/// come from memory (0 %); the typical figure takes each where it was found.
public final class CostModel {
    private CostModel() {}

    /// Returns what the counted events take on a machine.
    public static PricedCounts price(CounterSnapshot counts, CostTable costs) {
        List<PricedCounts.Line> lines = new ArrayList<>();
        for (Primitive primitive : Primitive.values()) {
            long times = times(primitive, counts);
            lines.add(new PricedCounts.Line(
                    primitive, times, cost(primitive, costs).times(times)));
        }
        return new PricedCounts(lines);
    }

    /// Returns how often an operation was made.
    static long times(Primitive primitive, CounterSnapshot counts) {
        return switch (primitive) {
            case L2_TLB_HIT -> counts.get(Counter.L1I_MISS) + counts.l1dMisses();
            case WALK_START -> counts.get(Counter.WALK);
            case WALK_STEP_L1 -> counts.get(Counter.PTE_FOUND_L1);
            case WALK_STEP_L2 -> counts.get(Counter.PTE_FOUND_L2);
            case WALK_STEP_L3 -> counts.get(Counter.PTE_FOUND_L3);
            case WALK_STEP_MEMORY -> counts.get(Counter.PTE_FOUND_MEMORY);
            case DIRTY_ASSIST -> counts.get(Counter.DIRTY_UPDATE);
            case PAGE_INVALIDATION -> counts.get(Counter.INVALIDATION);
            case FULL_FLUSH -> counts.get(Counter.FULL_FLUSH) - counts.get(Counter.SWITCH_FLUSH);
            case SWITCH_FLUSH -> counts.get(Counter.SWITCH_FLUSH);
            case IPI_FIXED -> counts.get(Counter.IPI_ROUND);
            case IPI_TARGET -> counts.get(Counter.IPI);
            case BROADCAST -> counts.get(Counter.BROADCAST);
            case BROADCAST_SYNC -> counts.get(Counter.BROADCAST_SYNC);
            case SBI_CALL -> counts.get(Counter.SBI_CALL);
            case REMOTE_FENCE -> counts.get(Counter.REMOTE_FENCE);
            case FAULT_ENTRY -> counts.get(Counter.FAULT);
            case FAULT_SERVICE ->
                counts.get(Counter.MINOR_FAULT) + counts.get(Counter.MAJOR_FAULT) + counts.get(Counter.LINK_FAULT);
            case SYSCALL_ENTRY -> counts.get(Counter.SYSCALL);
            case CONTEXT_SWITCH -> counts.get(Counter.CONTEXT_SWITCH);
            case PTE_READ -> counts.get(Counter.PTE_READ);
            case PTE_WRITE -> counts.get(Counter.PTE_WRITE);
            case TABLE_ALLOCATION -> counts.get(Counter.TABLE_ALLOCATED);
            case TABLE_FREE -> counts.get(Counter.TABLE_FREED);
            case PAGE_ZERO -> counts.get(Counter.PAGE_ZEROED);
            case PAGE_COPY -> counts.get(Counter.PAGE_COPIED);
            case PAGE_CACHE_LOOKUP -> counts.get(Counter.PAGE_CACHE_LOOKUP);
            case AREA_CHANGE -> counts.get(Counter.AREA_CHANGE);
            case SHARER_VISIT -> counts.get(Counter.SHARER_VISIT);
        };
    }

    private static Cost cost(Primitive primitive, CostTable costs) {
        Cost own = costs.cost(primitive);
        return switch (primitive) {
            case WALK_STEP_L1, WALK_STEP_L2, WALK_STEP_L3, WALK_STEP_MEMORY ->
                new Cost(
                        costs.cost(Primitive.WALK_STEP_L1).low(),
                        own.typical(),
                        costs.cost(Primitive.WALK_STEP_MEMORY).high(),
                        own.source(),
                        own.isGuess());
            default -> own;
        };
    }
}
