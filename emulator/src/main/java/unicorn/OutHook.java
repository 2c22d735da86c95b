package unicorn;

import org.jspecify.annotations.Nullable;

/// An x86 `out`.
@FunctionalInterface
public interface OutHook extends InstructionHook {
    /// Takes what is written to the port; the size is 1, 2 or 4 bytes.
    void hook(Unicorn u, int port, int size, int value, @Nullable Object user);
}
