package sharewalk.cpu.unicorn;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import sharewalk.mmu.count.FlushCause;

/// Whether it is found out why TLBs miss, and which flushes are made to drop only what they must.
///
/// @param spared the causes of flushes that drop only what the tables no longer say
public record MissExplanation(boolean wanted, Set<FlushCause> spared) {
    /// What cannot be spared: two spaces would be taken for one, and an access that faulted would fault again.
    private static final Set<FlushCause> NEEDED =
            EnumSet.of(FlushCause.CONTEXT_SWITCH, FlushCause.ASID_ROLLOVER, FlushCause.FAULT_FENCE);

    /// Nothing is found out.
    public static final MissExplanation NONE = new MissExplanation(false, Set.of());

    public MissExplanation {
        if (!wanted && !spared.isEmpty()) {
            throw new IllegalArgumentException("flushes are spared only where misses are explained");
        }
        if (spared.stream().anyMatch(NEEDED::contains)) {
            throw new IllegalArgumentException("flushes for one of " + spared + " are needed");
        }
        Set<FlushCause> sorted = EnumSet.noneOf(FlushCause.class);
        sorted.addAll(spared);
        spared = Collections.unmodifiableSet(sorted);
    }

    /// Returns the explanation with every flush as it is.
    public static MissExplanation ofEveryFlush() {
        return new MissExplanation(true, Set.of());
    }

    /// Returns the cause with that key, if flushes for it can be spared.
    public static FlushCause parseSpared(String key) {
        for (FlushCause cause : FlushCause.values()) {
            if (cause.key().equals(key) && !NEEDED.contains(cause)) {
                return cause;
            }
        }
        String choices = Arrays.stream(FlushCause.values())
                .filter(cause -> !NEEDED.contains(cause))
                .map(FlushCause::key)
                .collect(Collectors.joining(", "));
        throw new IllegalArgumentException("flushes for '" + key + "' cannot be spared: choose among " + choices);
    }
}
