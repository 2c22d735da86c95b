package unicorn;

import org.jspecify.annotations.Nullable;

/// The start of an instruction.
@FunctionalInterface
public interface CodeHook extends Hook {
    /// Takes the instruction's virtual address and size in bytes.
    void hook(Unicorn u, long address, int size, @Nullable Object user);
}
