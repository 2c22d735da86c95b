package sharewalk.kernel.syscall;

/// An attempt at a system call that may have to wait.
@FunctionalInterface
public interface Handler {
    /// Tries the call.
    SyscallResult handle(Call call);

    /// A system call that never waits.
    @FunctionalInterface
    interface Simple {
        /// Makes the call; returns what goes to the result register.
        long handle(Call call);
    }
}
