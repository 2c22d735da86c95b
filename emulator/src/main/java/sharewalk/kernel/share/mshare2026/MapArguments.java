package sharewalk.kernel.share.mshare2026;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The argument of mshare_map() (`struct mshare_map`): 64 bits each of offset in the region, size and offset in the
/// file, 32 bits each of protection, flags, descriptor, and 0.
record MapArguments(long offset, long sizeBytes, long fileOffset, int prot, int flags, int descriptor, int reserved) {
    /// The size of the structure.
    static final int BYTES = 40;

    static MapArguments decode(byte[] struct) {
        ByteBuffer fields = ByteBuffer.wrap(struct).order(ByteOrder.LITTLE_ENDIAN);
        return new MapArguments(
                fields.getLong(0),
                fields.getLong(8),
                fields.getLong(16),
                fields.getInt(24),
                fields.getInt(28),
                fields.getInt(32),
                fields.getInt(36));
    }
}
