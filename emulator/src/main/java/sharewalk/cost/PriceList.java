package sharewalk.cost;

import java.util.EnumMap;
import java.util.Map;

/// Prices being written down, one for each operation.
final class PriceList {
    private final Map<Primitive, Cost> costs = new EnumMap<>(Primitive.class);

    /// Adds a price that a source gives.
    PriceList sourced(Primitive primitive, long low, long typical, long high, String source) {
        costs.put(primitive, Cost.of(low, typical, high, source));
        return this;
    }

    /// Adds a guess.
    PriceList guessed(Primitive primitive, long low, long typical, long high, String restsOn) {
        costs.put(primitive, Cost.guess(low, typical, high, restsOn));
        return this;
    }

    Map<Primitive, Cost> costs() {
        return costs;
    }
}
