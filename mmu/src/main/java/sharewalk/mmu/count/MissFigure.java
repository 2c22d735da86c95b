package sharewalk.mmu.count;

/// What is told apart by [MissCause]: misses of each TLB, and the table entries that walks read.
public enum MissFigure {
    L1I_MISSES("l1iMisses"),
    L1D_MISSES("l1dMisses"),
    L2_MISSES("l2Misses"),
    WALK_STEPS("walkSteps");

    static final int COUNT = values().length;

    private final String key;

    MissFigure(String key) {
        this.key = key;
    }

    /// Returns the name used in machine-readable output.
    public String key() {
        return key;
    }

    /// Returns the place of this figure in an array of totals, which never leaves a run.
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }
}
