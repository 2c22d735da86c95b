package sharewalk.abi;

/// The directory descriptor and the flags of the `*at` system calls.
public final class AtFlags {
    public static final int AT_FDCWD = -100;
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    /// unlinkat(2).
    public static final int AT_REMOVEDIR = 0x200;
    /// faccessat(2).
    public static final int AT_EACCESS = 0x200;
    public static final int AT_SYMLINK_FOLLOW = 0x400;
    public static final int AT_NO_AUTOMOUNT = 0x800;
    public static final int AT_EMPTY_PATH = 0x1000;

    private AtFlags() {}
}
