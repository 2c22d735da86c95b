package sharewalk.mmu.count;

/// Where a walk found a table entry, nearest first.
public enum EntrySource {
    /// In the page-walk cache: nothing was read.
    WALK_CACHE("walkCache"),
    L1("l1"),
    L2("l2"),
    L3("l3"),
    MEMORY("memory");

    private final String key;

    EntrySource(String key) {
        this.key = key;
    }

    /// Returns the name used in machine-readable output.
    public String key() {
        return key;
    }

    /// Returns the place of this source in an array of totals, which never leaves a run.
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }
}
