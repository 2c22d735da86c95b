package sharewalk.kernel.process;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import sharewalk.kernel.mm.PageTableGauges;

/// The most bytes that page tables have had: in all, by phase, and by mapping.
public final class TablePeaks {
    private final Map<String, Long> byPhase = new LinkedHashMap<>();
    private final Map<String, Long> sharedByPhase = new LinkedHashMap<>();
    private final Map<String, Long> byMapping = new TreeMap<>();
    private long total;

    /// Returns the most in all.
    public long total() {
        return total;
    }

    /// Returns the most while a phase lasted, phases in the order first noted.
    public Map<String, Long> byPhase() {
        return Collections.unmodifiableMap(byPhase);
    }

    /// Returns the most of tables that several address spaces see, while a phase lasted.
    public Map<String, Long> sharedByPhase() {
        return Collections.unmodifiableMap(sharedByPhase);
    }

    /// Returns the most for the mappings of a label.
    public Map<String, Long> byMapping() {
        return Collections.unmodifiableMap(byMapping);
    }

    /// Notes what an address space, or the machine, has had at most, in all and by mapping.
    void note(PageTableGauges gauges) {
        total = Math.max(total, gauges.total().peak());
        gauges.byLabel().forEach((label, gauge) -> byMapping.merge(label, gauge.peak(), Math::max));
    }

    /// Notes bytes that there have been in a phase.
    void note(String phase, long bytes, long sharedBytes) {
        byPhase.merge(phase, bytes, Math::max);
        sharedByPhase.merge(phase, sharedBytes, Math::max);
    }
}
