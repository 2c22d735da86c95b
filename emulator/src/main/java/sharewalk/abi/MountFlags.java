package sharewalk.abi;

/// Flags of mount(2) and umount2(2).
public final class MountFlags {
    public static final int MS_RDONLY = 1;
    public static final int MS_NOSUID = 2;
    public static final int MS_NODEV = 4;
    public static final int MS_NOEXEC = 8;
    public static final int MS_REMOUNT = 0x20;
    public static final int MS_BIND = 0x1000;
    public static final int MNT_FORCE = 1;
    public static final int MNT_DETACH = 2;

    private MountFlags() {}
}
