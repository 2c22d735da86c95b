package sharewalk.abi;

/// Flags of mremap(2).
public final class MremapFlags {
    public static final int MREMAP_MAYMOVE = 1;
    public static final int MREMAP_FIXED = 2;
    public static final int MREMAP_DONTUNMAP = 4;

    private MremapFlags() {}
}
