package unicorn;

import org.jspecify.annotations.Nullable;

/// An x86 `cpuid`.
@FunctionalInterface
public interface CpuidHook extends InstructionHook {
    /// Returns 1 if the registers are set and the instruction is done, 0 to let the engine do it.
    int hook(Unicorn u, @Nullable Object user);
}
