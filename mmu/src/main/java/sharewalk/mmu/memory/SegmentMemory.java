package sharewalk.mmu.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Guest RAM in a memory segment, which may be shared with an engine.
public final class SegmentMemory implements PhysicalMemory {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private final MemorySegment ram;
    private final long sizeBytes;

    private SegmentMemory(MemorySegment ram) {
        this.ram = ram;
        this.sizeBytes = ram.byteSize();
    }

    /// Returns the memory in a segment.
    ///
    /// Preconditions: the size is a multiple of the frame size and not 0.
    public static SegmentMemory of(MemorySegment ram) {
        if (ram.byteSize() == 0 || ram.byteSize() % FRAME_BYTES != 0) {
            throw new IllegalArgumentException("RAM of %d bytes is not a number of frames".formatted(ram.byteSize()));
        }
        return new SegmentMemory(ram);
    }

    /// Returns memory of its own on the Java heap, for tests.
    public static SegmentMemory onHeap(int sizeBytes) {
        return of(MemorySegment.ofArray(new byte[sizeBytes]));
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public long read64(long physAddr) {
        check(physAddr, Long.BYTES);
        return ram.get(LONG, physAddr);
    }

    @Override
    public void write64(long physAddr, long value) {
        check(physAddr, Long.BYTES);
        ram.set(LONG, physAddr, value);
    }

    @Override
    public int read32(long physAddr) {
        check(physAddr, Integer.BYTES);
        return ram.get(INT, physAddr);
    }

    @Override
    public void write32(long physAddr, int value) {
        check(physAddr, Integer.BYTES);
        ram.set(INT, physAddr, value);
    }

    @Override
    public int read16(long physAddr) {
        check(physAddr, Short.BYTES);
        return Short.toUnsignedInt(ram.get(SHORT, physAddr));
    }

    @Override
    public void write16(long physAddr, int value) {
        check(physAddr, Short.BYTES);
        ram.set(SHORT, physAddr, (short) value);
    }

    @Override
    public int read8(long physAddr) {
        check(physAddr, 1);
        return Byte.toUnsignedInt(ram.get(BYTE, physAddr));
    }

    @Override
    public void write8(long physAddr, int value) {
        check(physAddr, 1);
        ram.set(BYTE, physAddr, (byte) value);
    }

    @Override
    public void read(long physAddr, byte[] target, int offset, int sizeBytes) {
        check(physAddr, sizeBytes);
        MemorySegment.copy(ram, BYTE, physAddr, target, offset, sizeBytes);
    }

    @Override
    public void write(long physAddr, byte[] source, int offset, int sizeBytes) {
        check(physAddr, sizeBytes);
        MemorySegment.copy(source, offset, ram, BYTE, physAddr, sizeBytes);
    }

    @Override
    public void copyFrame(long fromPfn, long toPfn) {
        long from = frame(fromPfn);
        long to = frame(toPfn);
        MemorySegment.copy(ram, from, ram, to, FRAME_BYTES);
    }

    @Override
    public void zeroFrame(long pfn) {
        ram.asSlice(frame(pfn), FRAME_BYTES).fill((byte) 0);
    }

    private long frame(long pfn) {
        // Compared as a frame number: shifting a wild one first could bring it back into range.
        if (pfn < 0 || pfn >= sizeBytes >>> FRAME_SHIFT) {
            throw new IndexOutOfBoundsException(
                    "frame %#x outside RAM of %d frames".formatted(pfn, sizeBytes >>> FRAME_SHIFT));
        }
        return pfn << FRAME_SHIFT;
    }

    private void check(long physAddr, int bytes) {
        if (!contains(physAddr, bytes)) {
            throw new IndexOutOfBoundsException(
                    "%d bytes at physical address %#x outside RAM of %#x bytes".formatted(bytes, physAddr, sizeBytes));
        }
    }
}
