package sharewalk.abi;

/// File types and permission bits of `st_mode`.
public final class FileMode {
    public static final int S_IFMT = 0xf000;
    public static final int S_IFSOCK = 0xc000;
    public static final int S_IFLNK = 0xa000;
    public static final int S_IFREG = 0x8000;
    public static final int S_IFBLK = 0x6000;
    public static final int S_IFDIR = 0x4000;
    public static final int S_IFCHR = 0x2000;
    public static final int S_IFIFO = 0x1000;
    public static final int S_ISUID = 0x800;
    public static final int S_ISGID = 0x400;
    public static final int S_ISVTX = 0x200;

    /// Any of the three execute bits.
    public static final int S_IXUGO = 0x49;

    /// Permission bits, set-id and sticky bits included.
    public static final int S_IALLUGO = 0xfff;

    /// accessat(2) modes.
    public static final int F_OK = 0;
    public static final int X_OK = 1;
    public static final int W_OK = 2;
    public static final int R_OK = 4;

    private FileMode() {}
}
