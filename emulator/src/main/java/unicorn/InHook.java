package unicorn;

import org.jspecify.annotations.Nullable;

/// An x86 `in`.
@FunctionalInterface
public interface InHook extends InstructionHook {
    /// Returns what is read from the port; the size is 1, 2 or 4 bytes.
    int hook(Unicorn u, int port, int size, @Nullable Object user);
}
