package sharewalk.mmu.tlb;

/// Which of a hart's TLBs.
public enum TlbName {
    /// The first level for fetches.
    L1I("l1i"),
    /// The first level for data.
    L1D("l1d"),
    /// The second level, of data and fetches unless there is an [#L2I].
    L2("l2"),
    /// The second level for fetches alone.
    L2I("l2i");

    private final String key;

    TlbName(String key) {
        this.key = key;
    }

    /// Returns the name used in options and reports.
    public String key() {
        return key;
    }
}
