package sharewalk.kernel.mm;

import static sharewalk.abi.Signals.BUS_ADRERR;
import static sharewalk.abi.Signals.SEGV_ACCERR;
import static sharewalk.abi.Signals.SEGV_MAPERR;
import static sharewalk.abi.Signals.SIGBUS;
import static sharewalk.abi.Signals.SIGSEGV;

import sharewalk.kernel.wait.WaitQueue;

/// How a page fault ended.
public sealed interface FaultOutcome {
    /// The access can be repeated and finds its page.
    record Resolved() implements FaultOutcome {}

    /// A shared subtree was attached; the access is repeated and may fault again.
    record Linked() implements FaultOutcome {}

    /// Somebody else has to do something first: the thread waits in the queue, then the access is repeated.
    record Waits(WaitQueue queue) implements FaultOutcome {}

    /// RAM is used up.
    record OutOfMemory() implements FaultOutcome {}

    /// The access is an error: `signo` with `code` at `virtAddr` for the thread.
    record Signal(int signo, int code, long virtAddr) implements FaultOutcome {}

    /// Returns the signal for an address where nothing is mapped.
    static FaultOutcome notMapped(long virtAddr) {
        return new Signal(SIGSEGV, SEGV_MAPERR, virtAddr);
    }

    /// Returns the signal for an access that the mapping does not allow.
    static FaultOutcome notAllowed(long virtAddr) {
        return new Signal(SIGSEGV, SEGV_ACCERR, virtAddr);
    }

    /// Returns the signal for a page that the mapped file does not have.
    static FaultOutcome noSuchPage(long virtAddr) {
        return new Signal(SIGBUS, BUS_ADRERR, virtAddr);
    }

    /// Returns whether the access can be repeated.
    default boolean isRetry() {
        return this instanceof Resolved || this instanceof Linked;
    }
}
