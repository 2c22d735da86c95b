package unicorn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/// The host's memory by absolute address, for structures that the engine hands to callbacks.
///
/// One segment over everything instead of one per pointer: a callback then allocates nothing.
final class NativeMemory {
    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private NativeMemory() {}

    static long getLong(long address) {
        return ALL.get(JAVA_LONG, address);
    }

    static void putLong(long address, long value) {
        ALL.set(JAVA_LONG, address, value);
    }

    static int getInt(long address) {
        return ALL.get(JAVA_INT, address);
    }

    static void putInt(long address, int value) {
        ALL.set(JAVA_INT, address, value);
    }

    static String cString(long address) {
        return ALL.getString(address);
    }

    static MemorySegment slice(long address, long sizeBytes) {
        return ALL.asSlice(address, sizeBytes);
    }
}
