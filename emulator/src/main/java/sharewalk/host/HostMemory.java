package sharewalk.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Memory from the host's `mmap`, given back when its arena is closed.
///
/// An arena's own memory would be filled with zeros at once; this is zero because the host makes it so, and only what
/// the guest touches costs anything.
@SuppressWarnings("restricted")
public final class HostMemory {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 0x02;
    private static final int MAP_ANONYMOUS_LINUX = 0x20;
    private static final int MAP_ANONYMOUS_MAC = 0x1000;
    private static final int MAP_NORESERVE = 0x4000;
    private static final long MAP_FAILED = -1;
    private static final boolean MAC = System.getProperty("os.name", "").startsWith("Mac");

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MMAP = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("mmap"),
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("munmap"), FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    private HostMemory() {}

    /// Returns zeroed, page-aligned memory that the host backs page by page as it is touched.
    ///
    /// @throws HostMemoryException if the host refuses
    public static MemorySegment reserve(long sizeBytes, Arena arena) {
        return map(sizeBytes, PROT_READ | PROT_WRITE, arena);
    }

    /// Returns executable memory holding `code`.
    ///
    /// @throws HostMemoryException if the host refuses
    public static MemorySegment executable(byte[] code, Arena arena) {
        MemorySegment memory = map(code.length, PROT_READ | PROT_WRITE | PROT_EXEC, arena);
        MemorySegment.copy(code, 0, memory, JAVA_BYTE, 0, code.length);
        return memory;
    }

    private static MemorySegment map(long sizeBytes, int protection, Arena arena) {
        int flags = MAP_PRIVATE | (MAC ? MAP_ANONYMOUS_MAC : MAP_ANONYMOUS_LINUX | MAP_NORESERVE);
        MemorySegment memory;
        try {
            memory = (MemorySegment) MMAP.invokeExact(MemorySegment.NULL, sizeBytes, protection, flags, -1, 0L);
        } catch (Throwable e) {
            throw new AssertionError("mmap could not be called", e);
        }
        if (memory.address() == MAP_FAILED) {
            throw new HostMemoryException("The host refused to give %d bytes of memory".formatted(sizeBytes));
        }
        return memory.reinterpret(sizeBytes, arena, HostMemory::unmap);
    }

    private static void unmap(MemorySegment memory) {
        try {
            int ignored = (int) MUNMAP.invokeExact(memory, memory.byteSize());
        } catch (Throwable e) {
            throw new AssertionError("munmap could not be called", e);
        }
    }
}
