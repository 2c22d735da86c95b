package unicorn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.List;

/// The part of [Unicorn] that maps, reads and writes guest memory.
abstract sealed class UnicornMemory extends UnicornControl permits UnicornHooks {
    private static final int REGION_BYTES = 24;
    private static final int REGION_END = 8;
    private static final int REGION_PERMS = 16;

    // Buffers that the engine points into must not be collected before it.
    private final List<Buffer> mapped = new ArrayList<>();

    UnicornMemory(int arch, int mode) {
        super(arch, mode);
    }

    /// Returns bytes of guest memory.
    public byte[] mem_read(long address, int size) throws UnicornException {
        if (size < 0) {
            throw new NegativeArraySizeException("size of " + size);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(size);
            run(uc -> NativeCalls.memRead(uc, address, bytes, size));
            return bytes.toArray(JAVA_BYTE);
        }
    }

    /// Returns bytes of guest memory. The size must fit an `int`.
    @Deprecated
    public byte[] mem_read(long address, long size) throws UnicornException {
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("size of " + size);
        }
        return mem_read(address, (int) Math.max(size, -1));
    }

    /// Writes bytes to guest memory.
    public void mem_write(long address, byte[] bytes) throws UnicornException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(JAVA_BYTE, bytes);
            run(uc -> NativeCalls.memWrite(uc, address, copy, bytes.length));
        }
    }

    /// Maps zeroed memory. Address and size are multiples of the page size.
    public void mem_map(long address, long size, int perms) throws UnicornException {
        run(uc -> NativeCalls.memMap(uc, address, size, perms));
    }

    /// Maps the whole of a direct buffer, shared with the host.
    public void mem_map_ptr(long address, Buffer buf, int perms) throws UnicornException {
        if (!buf.isDirect()) {
            throw new UnicornException("Only the memory of a direct buffer can be mapped");
        }
        MemorySegment memory = MemorySegment.ofBuffer(buf.duplicate().clear());
        run(uc -> NativeCalls.memMapPtr(uc, address, memory.byteSize(), perms, memory));
        mapped.add(buf);
    }

    /// Unmaps a range.
    public void mem_unmap(long address, long size) throws UnicornException {
        run(uc -> NativeCalls.memUnmap(uc, address, size));
    }

    /// Changes the rights of a range.
    public void mem_protect(long address, long size, int perms) throws UnicornException {
        run(uc -> NativeCalls.memProtect(uc, address, size, perms));
    }

    /// Returns what is mapped.
    public MemRegion[] mem_regions() throws UnicornException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(ADDRESS);
            MemorySegment count = arena.allocate(JAVA_INT);
            run(uc -> NativeCalls.memRegions(uc, list.address(), count.address()));
            long start = list.get(JAVA_LONG, 0);
            MemRegion[] regions = new MemRegion[count.get(JAVA_INT, 0)];
            for (int i = 0; i < regions.length; i++) {
                long region = start + (long) i * REGION_BYTES;
                regions[i] = new MemRegion(
                        NativeMemory.getLong(region),
                        NativeMemory.getLong(region + REGION_END),
                        NativeMemory.getInt(region + REGION_PERMS));
            }
            check(NativeCalls.free(start));
            return regions;
        }
    }
}
