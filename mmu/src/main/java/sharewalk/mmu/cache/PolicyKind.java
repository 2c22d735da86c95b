package sharewalk.mmu.cache;

import java.util.Locale;

/// A replacement policy by name.
public enum PolicyKind {
    FIFO,
    LRU,
    PLRU,
    RANDOM;

    /// Returns the kind written as `text` ("fifo", "lru", "plru", "random").
    public static PolicyKind parse(String text) {
        for (PolicyKind kind : values()) {
            if (kind.toString().equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "unknown replacement policy '" + text + "': choose fifo, lru, plru or random");
    }

    /// Returns a fresh policy. `seed` matters for `RANDOM` only.
    public ReplacementPolicy policy(int sets, int ways, long seed) {
        return switch (this) {
            case FIFO -> new Fifo(sets, ways);
            case LRU -> new Lru(sets, ways);
            case PLRU -> new TreePlru(sets, ways);
            case RANDOM -> new SeededRandom(ways, seed);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
