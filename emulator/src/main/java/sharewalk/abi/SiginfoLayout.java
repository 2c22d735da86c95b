package sharewalk.abi;

/// Offsets within `siginfo_t`, the same on both instruction sets.
public final class SiginfoLayout {
    public static final int SIZE = 128;
    public static final int SIGNO = 0;
    public static final int ERRNO = 4;
    public static final int CODE = 8;
    /// Sender, for signals somebody sent and for SIGCHLD.
    public static final int PID = 16;
    public static final int UID = 20;
    /// Exit status or signal of a child.
    public static final int STATUS = 24;
    public static final int UTIME = 32;
    public static final int STIME = 40;
    /// Value of a queued signal.
    public static final int VALUE = 24;
    /// Address of a fault.
    public static final int ADDRESS = 16;

    private SiginfoLayout() {}
}
