package sharewalk.kernel.syscall;

import java.util.List;
import sharewalk.kernel.process.PendingCall.Interruption;
import sharewalk.kernel.wait.WaitQueue;

/// What came of an attempt at a system call.
public sealed interface SyscallResult {
    /// The call is over; `value` goes to the result register.
    record Done(long value) implements SyscallResult {}

    /// The call has to wait until one of the queues is woken or the time has come; then it is tried again.
    record Wait(List<WaitQueue> queues, long deadline, Interruption interruption) implements SyscallResult {}

    /// The task does not come back from the call: it has ended, or its registers are already what they shall be.
    record NoReturn() implements SyscallResult {}

    /// The one instance of [NoReturn].
    SyscallResult NO_RETURN = new NoReturn();

    /// Returns the result of a call that is over.
    static SyscallResult done(long value) {
        return new Done(value);
    }
}
