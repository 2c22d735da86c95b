package sharewalk.kernel.process;

import org.jspecify.annotations.Nullable;

/// A system call a task has begun and not finished.
///
/// A call that has to wait is carried out again from its beginning when the task is woken; what it must remember from
/// one attempt to the next is kept here.
public final class PendingCall {
    /// The deadline of a call that waits as long as it takes.
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private final int number;
    private final long[] arguments;
    private long deadline = NO_DEADLINE;
    private boolean waited;
    private Interruption interruption = Interruption.RESTART;
    private @Nullable Progress progress;

    /// What a call keeps between attempts.
    public interface Progress {
        /// Tells that the call will not be tried again because the task died.
        default void abandon() {}

        /// Tells that the call will not be tried again because a handler runs; memory can still be written. Returns
        /// what the call answers then, or 0 to leave that to how it waits.
        default long interrupted() {
            abandon();
            return 0;
        }
    }

    /// What a signal handler does to a waiting call (signal(7), "Interruption of system calls").
    public enum Interruption {
        /// Begun again after a handler with SA_RESTART, else EINTR.
        RESTART,
        /// EINTR after any handler.
        ALWAYS_EINTR,
        /// Waits on; only death ends it.
        NONE
    }

    /// Creates the call with its six argument registers.
    public PendingCall(int number, long[] arguments) {
        this.number = number;
        this.arguments = arguments.clone();
    }

    /// Returns the number as the instruction set counts.
    public int number() {
        return number;
    }

    /// Returns an argument register, 0 to 5.
    public long argument(int position) {
        return arguments[position];
    }

    /// Returns the argument registers, a copy.
    public long[] arguments() {
        return arguments.clone();
    }

    /// Returns whether this is a later attempt.
    public boolean hasWaited() {
        return waited;
    }

    /// Returns the guest time until which the call waits; set by its first attempt.
    public long deadline() {
        return deadline;
    }

    /// Sets how the call waits.
    public void waits(long newDeadline, Interruption newInterruption) {
        waited = true;
        deadline = newDeadline;
        interruption = newInterruption;
    }

    /// Returns what a handler does to it while it waits.
    public Interruption interruption() {
        return interruption;
    }

    /// Returns what an earlier attempt left, or null.
    public @Nullable Progress progress() {
        return progress;
    }

    /// Leaves something for the next attempt.
    public void setProgress(@Nullable Progress newProgress) {
        progress = newProgress;
    }

    long interrupt() {
        long result = progress == null ? 0 : progress.interrupted();
        progress = null;
        return result;
    }

    void abandon() {
        if (progress != null) {
            progress.abandon();
            progress = null;
        }
    }
}
