package sharewalk.abi;

/// Options of prctl(2) and of x86-64's arch_prctl(2).
public final class PrctlOptions {
    public static final int PR_SET_PDEATHSIG = 1;
    public static final int PR_GET_DUMPABLE = 3;
    public static final int PR_SET_DUMPABLE = 4;
    public static final int PR_SET_NAME = 15;
    public static final int PR_GET_NAME = 16;
    public static final int PR_SET_THP_DISABLE = 41;
    public static final int PR_GET_THP_DISABLE = 42;
    /// Of "[PATCH v5 02/17] mm: Allow user to control COW PTE via prctl", 2023; in Linux today PR_SET_MDWE.
    public static final int PR_SET_COW_PTE = 65;

    public static final int PR_SET_VMA = 0x53564d41;
    public static final int PR_SET_VMA_ANON_NAME = 0;
    public static final int ARCH_SET_GS = 0x1001;
    public static final int ARCH_SET_FS = 0x1002;
    public static final int ARCH_GET_FS = 0x1003;
    public static final int ARCH_GET_GS = 0x1004;

    private PrctlOptions() {}
}
