package sharewalk.kernel.process;

import static sharewalk.abi.Signals.SIGBUS;
import static sharewalk.abi.Signals.SIGCHLD;
import static sharewalk.abi.Signals.SIGCONT;
import static sharewalk.abi.Signals.SIGFPE;
import static sharewalk.abi.Signals.SIGILL;
import static sharewalk.abi.Signals.SIGKILL;
import static sharewalk.abi.Signals.SIGRTMAX;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.abi.Signals.SIGSTOP;
import static sharewalk.abi.Signals.SIGSYS;
import static sharewalk.abi.Signals.SIGTRAP;
import static sharewalk.abi.Signals.SIGTSTP;
import static sharewalk.abi.Signals.SIGTTIN;
import static sharewalk.abi.Signals.SIGTTOU;
import static sharewalk.abi.Signals.SIGURG;
import static sharewalk.abi.Signals.SIGWINCH;

/// Sets of signals as the system calls pass them: bit n-1 of a `long` is signal n.
public final class SignalSet {
    /// Signals an instruction raises; delivered before any other.
    static final long SYNCHRONOUS = of(SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGSYS);

    /// Signals that nobody can block, catch or ignore.
    public static final long UNBLOCKABLE = of(SIGKILL, SIGSTOP);

    /// Signals that are ignored where there is no handler (signal(7)).
    static final long IGNORED_BY_DEFAULT = of(SIGCHLD, SIGURG, SIGWINCH, SIGCONT);

    /// Signals that stop the process where there is no handler.
    static final long STOPPING = of(SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU);

    private SignalSet() {}

    /// Returns the set of the given signals.
    public static long of(int... signals) {
        long set = 0;
        for (int signal : signals) {
            set |= 1L << signal - 1;
        }
        return set;
    }

    /// Returns whether a set holds a signal.
    public static boolean contains(long set, int signal) {
        return (set >>> signal - 1 & 1) != 0;
    }

    /// Returns whether a number is a signal's.
    public static boolean isSignal(int signal) {
        return signal >= 1 && signal <= SIGRTMAX;
    }
}
