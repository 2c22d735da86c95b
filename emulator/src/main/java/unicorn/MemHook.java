package unicorn;

import org.jspecify.annotations.Nullable;

/// An access to memory that is allowed.
@FunctionalInterface
public interface MemHook extends Hook {
    /// Takes one access.
    ///
    /// @param type `UC_MEM_READ`, `UC_MEM_WRITE` or `UC_MEM_READ_AFTER`
    /// @param value what was written or, after a read, what was read
    void hook(Unicorn u, int type, long address, int size, long value, @Nullable Object user);
}
