package sharewalk.kernel.process;

import org.jspecify.annotations.Nullable;

/// The signal state of one thread: what is blocked, what waits, where handlers may run.
public final class TaskSignals {
    private final PendingSignals pending = new PendingSignals();
    private long mask;
    private @Nullable Long maskToRestore;
    private AlternateStack stack = AlternateStack.NONE;
    private Trap trap = Trap.NONE;
    private long waitedFor;

    TaskSignals() {}

    /// Returns the signals sent to this thread.
    public PendingSignals pending() {
        return pending;
    }

    /// Returns the blocked signals.
    public long mask() {
        return mask;
    }

    /// Blocks exactly these signals; SIGKILL and SIGSTOP cannot be.
    public void setMask(long newMask) {
        mask = newMask & ~SignalSet.UNBLOCKABLE;
    }

    /// Blocks other signals for the length of one system call (sigsuspend, ppoll, pselect).
    public void setTemporaryMask(long newMask) {
        if (maskToRestore == null) {
            maskToRestore = mask;
        }
        setMask(newMask);
    }

    /// Returns the mask a handler's frame is to restore: the one before a temporary one, else the one now.
    long takeMaskToRestore() {
        @Nullable Long saved = maskToRestore;
        maskToRestore = null;
        return saved != null ? saved : mask;
    }

    /// Ends a temporary mask.
    public void restoreMask() {
        setMask(takeMaskToRestore());
    }

    /// Says which signals end the system call the thread waits in, though it blocks them (sigtimedwait).
    public void setWaitedFor(long signals) {
        waitedFor = signals;
    }

    /// Returns whether a signal wakes the thread.
    boolean isWokenBy(int signal) {
        return SignalSet.contains(~mask | waitedFor, signal);
    }

    /// Returns the alternate stack.
    public AlternateStack stack() {
        return stack;
    }

    /// Sets the alternate stack.
    public void setStack(AlternateStack newStack) {
        stack = newStack;
    }

    /// Returns what the last trap left.
    public Trap trap() {
        return trap;
    }

    /// Notes a trap.
    public void setTrap(Trap newTrap) {
        trap = newTrap;
    }
}
