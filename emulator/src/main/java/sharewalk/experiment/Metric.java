package sharewalk.experiment;

import com.google.errorprone.annotations.Immutable;
import sharewalk.mmu.count.Counter;

/// A figure of every report, under the key it has in machine-readable output. The order is the order of every report.
public enum Metric {
    INSTRUCTIONS(Counter.INSTRUCTIONS),
    REP_ITERATIONS(Counter.REP_ITERATIONS),
    L1I_MISSES(Counter.L1I_MISS),
    L1D_MISSES("l1dMisses", measures -> measures.counts().l1dMisses()),
    L1D_LOAD_MISSES(Counter.L1D_LOAD_MISS),
    L1D_STORE_MISSES(Counter.L1D_STORE_MISS),
    L2_MISSES(Counter.L2_MISS),
    WALKS(Counter.WALK),
    WALK_STEPS(Counter.WALK_STEP),
    PTE_FOUND_L1(Counter.PTE_FOUND_L1),
    PTE_FOUND_L2(Counter.PTE_FOUND_L2),
    PTE_FOUND_L3(Counter.PTE_FOUND_L3),
    PTE_FOUND_MEMORY(Counter.PTE_FOUND_MEMORY),
    FAULTING_WALKS(Counter.FAULTING_WALK),
    DIRTY_UPDATES(Counter.DIRTY_UPDATE),
    FAULTS(Counter.FAULT),
    MINOR_FAULTS(Counter.MINOR_FAULT),
    MAJOR_FAULTS(Counter.MAJOR_FAULT),
    LINK_FAULTS(Counter.LINK_FAULT),
    PAGE_TABLE_BYTES_PEAK("pageTableBytesPeak", Measures::pageTableBytesPeak),
    SHARED_PAGE_TABLE_BYTES_PEAK("sharedPageTableBytesPeak", Measures::sharedPageTableBytesPeak),
    INVALIDATIONS(Counter.INVALIDATION),
    FULL_FLUSHES(Counter.FULL_FLUSH),
    SHOOTDOWNS(Counter.SHOOTDOWN),
    IPI_ROUNDS(Counter.IPI_ROUND),
    IPIS(Counter.IPI),
    SWITCH_FLUSHES(Counter.SWITCH_FLUSH),
    ASID_ROLLOVERS(Counter.ASID_ROLLOVER),
    BROADCASTS(Counter.BROADCAST),
    BROADCAST_SYNCS(Counter.BROADCAST_SYNC),
    SBI_CALLS(Counter.SBI_CALL),
    REMOTE_FENCES(Counter.REMOTE_FENCE),
    SYSCALLS(Counter.SYSCALL),
    CONTEXT_SWITCHES(Counter.CONTEXT_SWITCH),
    PTE_READS(Counter.PTE_READ),
    PTE_WRITES(Counter.PTE_WRITE),
    TABLES_ALLOCATED(Counter.TABLE_ALLOCATED),
    TABLES_FREED(Counter.TABLE_FREED),
    TABLES_COPIED(Counter.TABLE_COPIED),
    PAGES_ZEROED(Counter.PAGE_ZEROED),
    PAGES_COPIED(Counter.PAGE_COPIED),
    PAGE_CACHE_LOOKUPS(Counter.PAGE_CACHE_LOOKUP),
    AREA_CHANGES(Counter.AREA_CHANGE),
    SHARER_VISITS(Counter.SHARER_VISIT),
    PAGES_SWAPPED_OUT(Counter.PAGE_SWAPPED_OUT),
    PAGES_SWAPPED_IN(Counter.PAGE_SWAPPED_IN),
    WRITE_NOTIFICATIONS(Counter.WRITE_NOTIFICATION);

    private final String key;
    private final Reading reading;

    Metric(Counter counter) {
        this(counter.key(), measures -> measures.counts().get(counter));
    }

    Metric(String key, Reading reading) {
        this.key = key;
        this.reading = reading;
    }

    /// What a figure is read from.
    @Immutable
    @FunctionalInterface
    private interface Reading {
        long of(Measures measures);
    }

    /// Returns the name used in machine-readable output.
    public String key() {
        return key;
    }

    /// Returns this figure of `measures`.
    public long of(Measures measures) {
        return reading.of(measures);
    }
}
