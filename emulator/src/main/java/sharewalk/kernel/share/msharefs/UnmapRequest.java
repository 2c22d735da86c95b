package sharewalk.kernel.share.msharefs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The argument of MSHAREFS_UNMAP (`struct mshare_unmap`).
record UnmapRequest(long regionOffset, long sizeBytes) {
    /// The size of the structure.
    static final int BYTES = 16;

    static UnmapRequest decode(byte[] struct) {
        ByteBuffer fields = ByteBuffer.wrap(struct).order(ByteOrder.LITTLE_ENDIAN);
        return new UnmapRequest(fields.getLong(0), fields.getLong(8));
    }
}
