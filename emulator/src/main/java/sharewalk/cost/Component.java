package sharewalk.cost;

/// A group of operations whose cycles are shown as one sum. The order is the order of every report.
public enum Component {
    /// Second-level TLB hits, page walks, dirty bits.
    TRANSLATION("translation"),
    /// Making harts forget translations.
    INVALIDATION("invalidation"),
    /// Entering and leaving the kernel, and what it does for every fault and task switch.
    ENTRY("entry"),
    /// Reading, writing, allocating and freeing page tables.
    TABLE("tables"),
    /// Filling and copying pages.
    PAGE("pages"),
    /// Bookkeeping of memory areas.
    AREA("areas");

    private final String key;

    Component(String key) {
        this.key = key;
    }

    /// Returns the name used in reports.
    public String key() {
        return key;
    }
}
