package sharewalk.kernel.process;

import sharewalk.abi.Signals;

/// A stack for signal handlers (sigaltstack(2)).
public record AlternateStack(long base, long sizeBytes, boolean enabled) {
    /// No alternate stack.
    public static final AlternateStack NONE = new AlternateStack(0, 0, false);

    /// Returns whether a stack pointer lies on it.
    public boolean holds(long stackPointer) {
        return enabled && stackPointer > base && stackPointer - base <= sizeBytes;
    }

    /// Returns `ss_flags` as sigaltstack(2) reports them.
    public int flags(long stackPointer) {
        return !enabled ? Signals.SS_DISABLE : holds(stackPointer) ? Signals.SS_ONSTACK : 0;
    }

    long end() {
        return base + sizeBytes;
    }
}
