package sharewalk.kernel.share.container;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The argument of CONTAINER_UNMAP, whose protection is 0, and of CONTAINER_PROTECT (`struct container_range`): 64
/// bits each of offset and size, 32 of protection, 32 unused.
record RangeArgument(long offset, long sizeBytes, int prot) {
    /// The size of the structure.
    static final int BYTES = 24;

    static RangeArgument of(byte[] struct) {
        ByteBuffer fields = ByteBuffer.wrap(struct).order(ByteOrder.LITTLE_ENDIAN);
        return new RangeArgument(fields.getLong(0), fields.getLong(8), fields.getInt(16));
    }
}
