package unicorn;

import org.jspecify.annotations.Nullable;

/// A write to a device region.
@FunctionalInterface
public interface MmioWriteHandler {
    /// Takes what is written; the offset counts from the start of the region.
    void write(Unicorn u, long offset, int size, long value, @Nullable Object user_data);
}
