package sharewalk.cost;

/// An operation that has a price in cycles on a machine. The order is the order of every report.
public enum Primitive {
    L2_TLB_HIT(
            Component.TRANSLATION,
            "l2TlbHit",
            "a first-level TLB miss: the second level asked, whether it answers or a walk comes on top"),
    WALK_START(
            Component.TRANSLATION,
            "walkStart",
            "the fixed part of a page walk: the second level's miss and the walk cache; its steps are apart"),
    WALK_STEP_L1(Component.TRANSLATION, "walkStepL1", "a table entry that a walk finds in the first-level cache"),
    WALK_STEP_L2(Component.TRANSLATION, "walkStepL2", "a table entry that a walk finds in the second-level cache"),
    WALK_STEP_L3(Component.TRANSLATION, "walkStepL3", "a table entry that a walk finds in the third-level cache"),
    WALK_STEP_MEMORY(Component.TRANSLATION, "walkStepMemory", "a table entry that a walk must bring from memory"),
    DIRTY_ASSIST(
            Component.TRANSLATION, "dirtyAssist", "a store through a clean TLB entry: the dirty bit set by hardware"),
    PAGE_INVALIDATION(
            Component.INVALIDATION, "pageInvalidation", "one page dropped by the hart that executes the instruction"),
    FULL_FLUSH(
            Component.INVALIDATION,
            "fullFlush",
            "an address space or everything dropped by the hart that executes it, but for a switch flush"),
    SWITCH_FLUSH(
            Component.INVALIDATION,
            "switchFlush",
            "an address space or everything dropped as a hart loads an address space; the switch itself is apart"),
    IPI_FIXED(
            Component.INVALIDATION,
            "ipiFixed",
            "the part of a shootdown by interrupts that does not depend on how many harts are interrupted"),
    IPI_TARGET(
            Component.INVALIDATION,
            "ipiTarget",
            "each hart interrupted: its entry and exit, waiting for its answer; its invalidations are apart"),
    BROADCAST(Component.INVALIDATION, "broadcast", "an instruction that invalidates on every hart (INVLPGB, TLBI)"),
    BROADCAST_SYNC(
            Component.INVALIDATION,
            "broadcastSync",
            "waiting until every hart has obeyed such instructions (TLBSYNC, DSB)"),
    SBI_CALL(
            Component.INVALIDATION,
            "sbiCall",
            "the part of a remote fence by the firmware that does not depend on how many harts it interrupts (RISC-V)"),
    REMOTE_FENCE(
            Component.INVALIDATION,
            "remoteFence",
            "each hart the firmware interrupts for it: as ipiTarget, but without entering the kernel there"),
    FAULT_ENTRY(Component.ENTRY, "faultEntry", "a page fault: exception entry, registers saved and restored, return"),
    FAULT_SERVICE(
            Component.ENTRY,
            "faultService",
            "what the kernel does for every fault that gives a page: finding the area, locks, charging, reverse map"),
    SYSCALL_ENTRY(Component.ENTRY, "syscallEntry", "a system call: entry, dispatch and return"),
    CONTEXT_SWITCH(
            Component.ENTRY,
            "contextSwitch",
            "a hart taking up another task: scheduler, registers, root of the tables"),
    PTE_READ(Component.TABLE, "pteRead", "a table entry read by the kernel"),
    PTE_WRITE(Component.TABLE, "pteWrite", "a table entry written by the kernel, under its lock"),
    TABLE_ALLOCATION(
            Component.TABLE,
            "tableAllocation",
            "a table page allocated and zeroed; the entry that links it is a pteWrite"),
    TABLE_FREE(Component.TABLE, "tableFree", "a table page given back"),
    PAGE_ZERO(Component.PAGE, "pageZero", "4 KiB of a page zeroed, its allocation included"),
    PAGE_COPY(Component.PAGE, "pageCopy", "4 KiB of a page copied, the new page's allocation included"),
    PAGE_CACHE_LOOKUP(Component.PAGE, "pageCacheLookup", "a page of a file looked up in its page cache"),
    AREA_CHANGE(
            Component.AREA, "areaChange", "an area (VMA) inserted into, removed from or resized in the tree of areas"),
    SHARER_VISIT(
            Component.INVALIDATION,
            "sharerVisit",
            "another address space found in the list of those attached to a changed table; its flush is apart");

    private final Component component;
    private final String key;
    private final String meaning;

    Primitive(Component component, String key, String meaning) {
        this.component = component;
        this.key = key;
        this.meaning = meaning;
    }

    /// Returns the group that the operation is summed in.
    public Component component() {
        return component;
    }

    /// Returns the name used in machine profiles and machine-readable output.
    public String key() {
        return key;
    }

    /// Returns what exactly is priced, in a few words.
    public String meaning() {
        return meaning;
    }

    /// Returns what a price is a number of: always cycles of the machine's clock, for one operation.
    public String unit() {
        return "cycles";
    }
}
