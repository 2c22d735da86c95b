package sharewalk.cost;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The prices of a machine: one for each [Primitive], in cycles of its clock.
///
/// @param machine its name, as reports show it
/// @param clockMhz the clock that the cycles are of
/// @param clockSource where that clock is stated
public record CostTable(String machine, int clockMhz, String clockSource, Map<Primitive, Cost> costs) {
    private static final List<Primitive> STEPS =
            List.of(Primitive.WALK_STEP_L1, Primitive.WALK_STEP_L2, Primitive.WALK_STEP_L3, Primitive.WALK_STEP_MEMORY);

    public CostTable {
        if (clockMhz <= 0) {
            throw new IllegalArgumentException("%s: a clock of %d MHz".formatted(machine, clockMhz));
        }
        EnumMap<Primitive, Cost> copy = new EnumMap<>(Primitive.class);
        for (Primitive primitive : Primitive.values()) {
            Cost cost = costs.get(primitive);
            if (cost == null) {
                throw new IllegalArgumentException("%s: no cost of %s".formatted(machine, primitive.key()));
            }
            copy.put(primitive, cost);
        }
        requireStepsAscend(machine, copy);
        costs = Collections.unmodifiableMap(copy);
    }

    /// Returns the price of an operation.
    public Cost cost(Primitive primitive) {
        Cost cost = costs.get(primitive);
        if (cost == null) {
            throw new IllegalStateException("checked by the constructor: " + primitive);
        }
        return cost;
    }

    /// Returns how many prices are guesses.
    public int guesses() {
        return Math.toIntExact(costs.values().stream().filter(Cost::isGuess).count());
    }

    /// Returns this table under another name and clock, with other prices for some operations.
    public CostTable with(String otherMachine, int otherClockMhz, String source, Map<Primitive, Cost> overrides) {
        EnumMap<Primitive, Cost> merged = new EnumMap<>(costs);
        merged.putAll(overrides);
        return new CostTable(otherMachine, otherClockMhz, source, merged);
    }

    private static void requireStepsAscend(String machine, Map<Primitive, Cost> costs) {
        for (int i = 1; i < STEPS.size(); i++) {
            Cost nearer = costs.get(STEPS.get(i - 1));
            Cost farther = costs.get(STEPS.get(i));
            if (nearer != null
                    && farther != null
                    && (nearer.low() > farther.low()
                            || nearer.typical() > farther.typical()
                            || nearer.high() > farther.high())) {
                throw new IllegalArgumentException("%s: %s costs more than %s"
                        .formatted(machine, STEPS.get(i - 1).key(), STEPS.get(i).key()));
            }
        }
    }
}
