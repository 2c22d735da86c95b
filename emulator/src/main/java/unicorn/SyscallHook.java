package unicorn;

import org.jspecify.annotations.Nullable;

/// An x86 `syscall` or `sysenter`.
@FunctionalInterface
public interface SyscallHook extends InstructionHook {
    /// Takes one system call; its arguments are in the registers.
    void hook(Unicorn u, @Nullable Object user);
}
