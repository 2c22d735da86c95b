package sharewalk.kernel.share.container;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The argument of CONTAINER_MAP (`struct container_map`): 64 bits each of offset in the container, size and offset
/// in the file, 32 bits each of protection, flags, descriptor, and 0.
record MapArgument(long offset, long sizeBytes, long fileOffset, int prot, int flags, int descriptor, int reserved) {
    /// The size of the structure.
    static final int BYTES = 40;

    /// A flag: EEXIST where something is mapped already.
    static final int NO_REPLACE = 1;

    static MapArgument of(byte[] struct) {
        ByteBuffer fields = ByteBuffer.wrap(struct).order(ByteOrder.LITTLE_ENDIAN);
        return new MapArgument(
                fields.getLong(0),
                fields.getLong(8),
                fields.getLong(16),
                fields.getInt(24),
                fields.getInt(28),
                fields.getInt(32),
                fields.getInt(36));
    }
}
