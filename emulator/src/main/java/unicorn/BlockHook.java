package unicorn;

import org.jspecify.annotations.Nullable;

/// The start of a basic block.
@FunctionalInterface
public interface BlockHook extends Hook {
    /// Takes the block's virtual address and size in bytes.
    void hook(Unicorn u, long address, int size, @Nullable Object user);
}
