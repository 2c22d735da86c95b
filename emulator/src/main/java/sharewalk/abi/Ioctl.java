package sharewalk.abi;

/// Request numbers of ioctl(2).
public final class Ioctl {
    public static final int TCGETS = 0x5401;
    public static final int TCSETS = 0x5402;
    public static final int TIOCGPGRP = 0x540f;
    public static final int TIOCGWINSZ = 0x5413;
    public static final int FIONREAD = 0x541b;
    public static final int FIONBIO = 0x5421;
    public static final int FIONCLEX = 0x5450;
    public static final int FIOCLEX = 0x5451;

    private Ioctl() {}
}
