package sharewalk.cost;

import java.util.Optional;
import sharewalk.mmu.count.Counter;

/// The counters that have no price, and why. Whoever adds a counter decides here: price it in [CostModel], or say why
/// not.
public final class FreeCounters {
    private FreeCounters() {}

    /// Returns why a counter has no price, or nothing where it has one.
    public static Optional<String> reason(Counter counter) {
        return switch (counter) {
            case INSTRUCTIONS, REP_ITERATIONS ->
                Optional.of("the guest's own work is no cost of translation or of the kernel");
            case L2_MISS -> Optional.of("the lookup is priced with the L1 miss; its walk is apart");
            case WALK_STEP -> Optional.of("priced by where the entry was found");
            case FAULTING_WALK -> Optional.of("priced as a walk; the fault is apart");
            case SHOOTDOWN -> Optional.of("priced by how the other harts are reached");
            case ASID_ROLLOVER -> Optional.of("the flushes it leads to are priced");
            case TABLE_COPIED ->
                Optional.of("priced by its parts: the new table, the entries read and written, the old one's end");
            case WRITE_NOTIFICATION -> Optional.of("a fault or a system call, which is priced");
            case PAGE_SWAPPED_OUT, PAGE_SWAPPED_IN -> Optional.of("the time is the swap device's");
            case L1I_MISS,
                    L1D_LOAD_MISS,
                    L1D_STORE_MISS,
                    WALK,
                    PTE_FOUND_L1,
                    PTE_FOUND_L2,
                    PTE_FOUND_L3,
                    PTE_FOUND_MEMORY,
                    DIRTY_UPDATE,
                    FAULT,
                    MINOR_FAULT,
                    MAJOR_FAULT,
                    LINK_FAULT,
                    INVALIDATION,
                    FULL_FLUSH,
                    SWITCH_FLUSH,
                    IPI_ROUND,
                    IPI,
                    BROADCAST,
                    BROADCAST_SYNC,
                    SBI_CALL,
                    REMOTE_FENCE,
                    SYSCALL,
                    CONTEXT_SWITCH,
                    PTE_READ,
                    PTE_WRITE,
                    TABLE_ALLOCATED,
                    TABLE_FREED,
                    PAGE_ZEROED,
                    PAGE_COPIED,
                    PAGE_CACHE_LOOKUP,
                    AREA_CHANGE,
                    SHARER_VISIT -> Optional.empty();
        };
    }
}
