package sharewalk.mmu.count;

/// An event that is counted. The order is the order of every report.
public enum Counter {
    INSTRUCTIONS("instructions"),
    REP_ITERATIONS("repIterations"),
    L1I_MISS("l1iMisses"),
    L1D_LOAD_MISS("l1dLoadMisses"),
    L1D_STORE_MISS("l1dStoreMisses"),
    L2_MISS("l2Misses"),
    WALK("walks"),
    WALK_STEP("walkSteps"),
    PTE_FOUND_L1("pteFoundL1"),
    PTE_FOUND_L2("pteFoundL2"),
    PTE_FOUND_L3("pteFoundL3"),
    PTE_FOUND_MEMORY("pteFoundMemory"),
    FAULTING_WALK("faultingWalks"),
    DIRTY_UPDATE("dirtyUpdates"),
    FAULT("faults"),
    MINOR_FAULT("minorFaults"),
    MAJOR_FAULT("majorFaults"),
    LINK_FAULT("linkFaults"),
    INVALIDATION("invalidations"),
    FULL_FLUSH("fullFlushes"),
    SHOOTDOWN("shootdowns"),
    IPI_ROUND("ipiRounds"),
    IPI("ipis"),
    SWITCH_FLUSH("switchFlushes"),
    ASID_ROLLOVER("asidRollovers"),
    BROADCAST("broadcasts"),
    BROADCAST_SYNC("broadcastSyncs"),
    SBI_CALL("sbiCalls"),
    REMOTE_FENCE("remoteFences"),
    SYSCALL("syscalls"),
    CONTEXT_SWITCH("contextSwitches"),
    PTE_READ("pteReads"),
    PTE_WRITE("pteWrites"),
    TABLE_ALLOCATED("tablesAllocated"),
    TABLE_FREED("tablesFreed"),
    TABLE_COPIED("tablesCopied"),
    PAGE_ZEROED("pagesZeroed"),
    PAGE_COPIED("pagesCopied"),
    PAGE_CACHE_LOOKUP("pageCacheLookups"),
    AREA_CHANGE("areaChanges"),
    SHARER_VISIT("sharerVisits"),
    PAGE_SWAPPED_OUT("pagesSwappedOut"),
    PAGE_SWAPPED_IN("pagesSwappedIn"),
    WRITE_NOTIFICATION("writeNotifications");

    private final String key;

    Counter(String key) {
        this.key = key;
    }

    /// Returns the name used in machine-readable output.
    public String key() {
        return key;
    }

    /// Returns the place of this counter in an array of totals, which never leaves a run.
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }
}
