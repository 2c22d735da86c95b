package unicorn;

import org.jspecify.annotations.Nullable;

/// An access to memory that is not mapped or not allowed.
@FunctionalInterface
public interface EventMemHook extends Hook {
    /// Returns whether the reason is mended and the access is to be tried again.
    ///
    /// @param type one of `UC_MEM_{READ,WRITE,FETCH}_{UNMAPPED,PROT}`
    /// @param value what a write would have stored
    boolean hook(Unicorn u, int type, long address, int size, long value, @Nullable Object user);
}
