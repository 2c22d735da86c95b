package sharewalk.assembly;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import sharewalk.cpu.GuestIsa;

/// A minimal static ELF64 file (System V gABI, chapters 4 and 5): code, data on the pages behind it, no sections.
final class StaticElf {
    private static final int HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int PAGE = 4096;
    private static final int EXECUTE = 1;
    private static final int WRITE = 2;
    private static final int READ = 4;
    private static final int PT_LOAD = 1;
    private static final int PT_GNU_STACK = 0x6474e551;
    private static final byte[] IDENT = {0x7f, 'E', 'L', 'F', 2, 1, 1};
    private static final int IDENT_BYTES = 16;
    private static final short ET_EXEC = 2;

    private StaticElf() {}

    /// Returns the file that puts `code` at `virtAddr` and `data` directly behind it.
    ///
    /// Preconditions:
    /// - `virtAddr` is a multiple of a page, and so is the size of the code where there is data.
    static byte[] write(GuestIsa isa, long virtAddr, long entry, byte[] code, byte[] data) {
        if (virtAddr % PAGE != 0 || (data.length != 0 && code.length % PAGE != 0)) {
            throw new IllegalArgumentException("a segment does not begin with a page");
        }
        ByteBuffer file = ByteBuffer.allocate(PAGE + code.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        int segments = data.length == 0 ? 1 : 2;
        file.put(Arrays.copyOf(IDENT, IDENT_BYTES));
        file.putShort(ET_EXEC).putShort((short) isa.elfMachine()).putInt(1);
        file.putLong(entry).putLong(HEADER_BYTES).putLong(0).putInt(0);
        file.putShort((short) HEADER_BYTES).putShort((short) PROGRAM_HEADER_BYTES);
        file.putShort((short) (segments + 1))
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) 0);
        segment(file, PT_LOAD, READ | EXECUTE, PAGE, virtAddr, code.length);
        if (segments == 2) {
            segment(file, PT_LOAD, READ | WRITE, PAGE + code.length, virtAddr + code.length, data.length);
        }
        segment(file, PT_GNU_STACK, READ | WRITE, 0, 0, 0);
        file.position(PAGE).put(code).put(data);
        return file.array();
    }

    private static void segment(ByteBuffer file, int type, int flags, long offset, long virtAddr, long sizeBytes) {
        file.putInt(type).putInt(flags).putLong(offset).putLong(virtAddr).putLong(virtAddr);
        file.putLong(sizeBytes).putLong(sizeBytes).putLong(PAGE);
    }
}
