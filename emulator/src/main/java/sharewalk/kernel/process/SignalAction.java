package sharewalk.kernel.process;

import sharewalk.abi.Signals;

/// What a process does on a signal, as sigaction(2) set it.
///
/// @param handler address, [Signals#SIG_DFL] or [Signals#SIG_IGN]
/// @param restorer where a handler returns to; x86-64 only
/// @param mask signals blocked while the handler runs
public record SignalAction(long handler, long flags, long restorer, long mask) {
    /// What every signal has at exec.
    public static final SignalAction DEFAULT = new SignalAction(Signals.SIG_DFL, 0, 0, 0);

    /// Returns whether a flag of sigaction(2) is set.
    public boolean has(int flag) {
        return (flags & Integer.toUnsignedLong(flag)) != 0;
    }

    boolean isHandler() {
        return handler != Signals.SIG_DFL && handler != Signals.SIG_IGN;
    }

    /// Returns whether the signal would vanish if it came now.
    boolean ignores(int signal) {
        return handler == Signals.SIG_IGN
                || handler == Signals.SIG_DFL && SignalSet.contains(SignalSet.IGNORED_BY_DEFAULT, signal);
    }
}
