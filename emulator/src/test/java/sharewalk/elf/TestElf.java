package sharewalk.elf;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A small ELF file in the making: a header, program headers, and pages of content.
public final class TestElf {
    /// Where the code segment begins.
    public static final long TEXT = 0x10000;
    /// Where the data segment begins: one page from the file and one of zeros.
    public static final long DATA = 0x20000;

    private static final int HEADERS = 64;
    private static final int HEADER_BYTES = 56;
    private final ByteBuffer bytes = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
    private int segments;

    private TestElf() {}

    /// Returns a file with a code and a data segment for a machine, entered at `TEXT + 0x400`.
    public static TestElf program(int machine) {
        TestElf elf = new TestElf();
        elf.bytes.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1).put(6, (byte) 1);
        elf.bytes.putShort(16, (short) 2).putShort(18, (short) machine).putInt(20, 1);
        elf.bytes.putLong(24, TEXT + 0x400).putLong(32, HEADERS);
        elf.bytes.putShort(52, (short) 64).putShort(54, (short) HEADER_BYTES).putShort(58, (short) 64);
        elf.segment(1, 5, 0, TEXT, 4096, 4096);
        elf.segment(1, 6, 4096, DATA, 4096, 8192);
        return elf;
    }

    /// Adds a program header.
    @CanIgnoreReturnValue
    public TestElf segment(int type, int flags, long offset, long virtAddr, long fileSize, long memSize) {
        int at = HEADERS + segments * HEADER_BYTES;
        bytes.putInt(at, type).putInt(at + 4, flags).putLong(at + 8, offset).putLong(at + 16, virtAddr);
        bytes.putLong(at + 24, virtAddr)
                .putLong(at + 32, fileSize)
                .putLong(at + 40, memSize)
                .putLong(at + 48, 4096);
        segments++;
        bytes.putShort(56, (short) segments);
        return this;
    }

    /// Changes 16 bits of the header.
    @CanIgnoreReturnValue
    public TestElf withShort(int offset, int value) {
        bytes.putShort(offset, (short) value);
        return this;
    }

    /// Changes one byte of the header.
    @CanIgnoreReturnValue
    public TestElf withByte(int offset, int value) {
        bytes.put(offset, (byte) value);
        return this;
    }

    /// Changes 64 bits of the header.
    @CanIgnoreReturnValue
    public TestElf withLong(int offset, long value) {
        bytes.putLong(offset, value);
        return this;
    }

    /// Returns the file.
    public byte[] bytes() {
        byte[] copy = new byte[bytes.capacity()];
        bytes.get(0, copy);
        return copy;
    }
}
