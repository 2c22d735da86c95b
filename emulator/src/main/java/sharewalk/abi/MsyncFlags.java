package sharewalk.abi;

/// Flags of msync(2).
public final class MsyncFlags {
    public static final int MS_ASYNC = 1;
    public static final int MS_INVALIDATE = 2;
    public static final int MS_SYNC = 4;

    private MsyncFlags() {}
}
