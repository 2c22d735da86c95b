package unicorn;

import org.jspecify.annotations.Nullable;

/// A read from a device region.
@FunctionalInterface
public interface MmioReadHandler {
    /// Returns what is read; the offset counts from the start of the region.
    long read(Unicorn u, long offset, int size, @Nullable Object user);
}
