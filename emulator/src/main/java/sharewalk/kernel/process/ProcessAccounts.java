package sharewalk.kernel.process;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.mm.VmaSet;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.CounterSnapshot;
import sharewalk.mmu.count.Counters;

/// What is counted for one process: one set of counters per phase and mapping.
///
/// Stays after the process has ended, for the report.
public final class ProcessAccounts {
    /// The phase every first program begins in.
    public static final String FIRST_PHASE = "start";

    /// The mapping of addresses that belong to none, and of events without an address.
    public static final String NO_MAPPING = "(none)";

    private final Map<String, Map<String, Counters>> cells = new LinkedHashMap<>();
    private String phase;
    private @Nullable CounterMap map;
    private @Nullable VmaSet mappedAreas;
    private long mappedVersion;

    /// Creates empty accounts that begin in a phase.
    public ProcessAccounts(String phase) {
        this.phase = phase;
        var _ = cell(NO_MAPPING);
    }

    /// Returns the phase events are counted in now.
    public String phase() {
        return phase;
    }

    /// Begins a phase, or goes on with one that was begun before.
    public void beginPhase(String name) {
        phase = name;
        map = null;
        var _ = cell(NO_MAPPING);
    }

    /// Returns where events are counted by address; another map after the areas or the phase have changed.
    public CounterMap map(VmaSet areas) {
        CounterMap current = map;
        if (current == null || mappedAreas != areas || mappedVersion != areas.version()) {
            current = build(areas.all());
            map = current;
            mappedAreas = areas;
            mappedVersion = areas.version();
        }
        return current;
    }

    /// Returns the sum of one counter over everything.
    public long total(Counter counter) {
        long sum = 0;
        for (Map<String, Counters> byMapping : cells.values()) {
            for (Counters counters : byMapping.values()) {
                sum += counters.get(counter);
            }
        }
        return sum;
    }

    /// Returns the counts by phase, then by mapping, both in the order they first appeared.
    public Map<String, Map<String, CounterSnapshot>> snapshot() {
        Map<String, Map<String, CounterSnapshot>> copy = new LinkedHashMap<>();
        cells.forEach((name, byMapping) -> {
            Map<String, CounterSnapshot> snapshots = new LinkedHashMap<>();
            byMapping.forEach((label, counters) -> snapshots.put(label, counters.snapshot()));
            copy.put(name, snapshots);
        });
        return copy;
    }

    private CounterMap build(Collection<Vma> areas) {
        long[] starts = new long[areas.size()];
        long[] ends = new long[areas.size()];
        Counters[] buckets = new Counters[areas.size()];
        int i = 0;
        for (Vma area : areas) {
            starts[i] = area.start();
            ends[i] = area.end();
            buckets[i] = cell(area.label());
            i++;
        }
        return CounterMap.of(starts, ends, buckets, cell(NO_MAPPING));
    }

    private Counters cell(String label) {
        return cells.computeIfAbsent(phase, _ -> new LinkedHashMap<>()).computeIfAbsent(label, _ -> new Counters());
    }
}
