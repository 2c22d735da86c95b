package unicorn;

/// An access to memory that is not mapped or not allowed.
@FunctionalInterface
public interface RawMemFault {
    /// Returns whether the reason is mended and the access is to be tried again.
    boolean fault(int type, long address, int sizeBytes, long value);
}
