package sharewalk.abi;

/// Signal numbers, what sigaction(2) and its relatives take, and the `si_code` values.
public final class Signals {
    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGILL = 4;
    public static final int SIGTRAP = 5;
    public static final int SIGABRT = 6;
    public static final int SIGBUS = 7;
    public static final int SIGFPE = 8;
    public static final int SIGKILL = 9;
    public static final int SIGUSR1 = 10;
    public static final int SIGSEGV = 11;
    public static final int SIGUSR2 = 12;
    public static final int SIGPIPE = 13;
    public static final int SIGALRM = 14;
    public static final int SIGTERM = 15;
    public static final int SIGSTKFLT = 16;
    public static final int SIGCHLD = 17;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
    public static final int SIGTSTP = 20;
    public static final int SIGTTIN = 21;
    public static final int SIGTTOU = 22;
    public static final int SIGURG = 23;
    public static final int SIGXCPU = 24;
    public static final int SIGXFSZ = 25;
    public static final int SIGVTALRM = 26;
    public static final int SIGPROF = 27;
    public static final int SIGWINCH = 28;
    public static final int SIGIO = 29;
    public static final int SIGPWR = 30;
    public static final int SIGSYS = 31;

    /// First and last real-time signal as the kernel counts them.
    public static final int SIGRTMIN = 32;
    public static final int SIGRTMAX = 64;

    /// Handlers that are none.
    public static final int SIG_DFL = 0;
    public static final int SIG_IGN = 1;

    /// sigaction(2).
    public static final int SA_NOCLDSTOP = 1;
    public static final int SA_NOCLDWAIT = 2;
    public static final int SA_SIGINFO = 4;
    /// x86-64 only.
    public static final int SA_RESTORER = 0x0400_0000;
    public static final int SA_ONSTACK = 0x0800_0000;
    public static final int SA_RESTART = 0x1000_0000;
    public static final int SA_NODEFER = 0x4000_0000;
    public static final int SA_RESETHAND = 0x8000_0000;

    /// sigprocmask(2).
    public static final int SIG_BLOCK = 0;
    public static final int SIG_UNBLOCK = 1;
    public static final int SIG_SETMASK = 2;

    /// sigaltstack(2).
    public static final int SS_ONSTACK = 1;
    public static final int SS_DISABLE = 2;
    public static final int MINSIGSTKSZ = 2048;

    /// Codes of any signal.
    public static final int SI_USER = 0;
    public static final int SI_KERNEL = 0x80;
    public static final int SI_QUEUE = -1;
    public static final int SI_TKILL = -6;

    /// SIGSEGV.
    public static final int SEGV_MAPERR = 1;
    public static final int SEGV_ACCERR = 2;

    /// SIGSEGV: a page of a file is watched, and its writer is told by signal (`--notify write`); Sharewalk's own.
    public static final int SEGV_WRITE_NOTIFY = 0x53;

    /// SIGBUS.
    public static final int BUS_ADRALN = 1;
    public static final int BUS_ADRERR = 2;
    public static final int BUS_OBJERR = 3;

    /// SIGILL.
    public static final int ILL_ILLOPC = 1;
    public static final int ILL_ILLOPN = 2;

    /// SIGFPE.
    public static final int FPE_INTDIV = 1;
    public static final int FPE_FLTINV = 7;

    /// SIGTRAP.
    public static final int TRAP_BRKPT = 1;
    public static final int TRAP_TRACE = 2;

    /// SIGCHLD.
    public static final int CLD_EXITED = 1;
    public static final int CLD_KILLED = 2;
    public static final int CLD_DUMPED = 3;
    public static final int CLD_STOPPED = 5;
    public static final int CLD_CONTINUED = 6;

    private Signals() {}

    private static final String[] NAMES = {
        "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
        "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT",
        "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
        "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS"
    };

    /// Returns the name of a signal, `SIGSEGV` or `SIG34`.
    public static String name(int signal) {
        return signal >= 1 && signal <= NAMES.length ? NAMES[signal - 1] : "SIG" + signal;
    }
}
