package sharewalk.kernel.share.msharefs;

import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The argument of MSHAREFS_CREATE_MAPPING (`struct mshare_create`).
record CreateRequest(long regionOffset, long sizeBytes, long offsetBytes, int prot, int flags, int descriptor) {
    /// The size of the structure, its padding included.
    static final int BYTES = 40;

    static CreateRequest decode(byte[] struct) {
        ByteBuffer fields = ByteBuffer.wrap(struct).order(ByteOrder.LITTLE_ENDIAN);
        return new CreateRequest(
                fields.getLong(0),
                fields.getLong(8),
                fields.getLong(16),
                fields.getInt(24),
                fields.getInt(28),
                fields.getInt(32));
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean isAnonymous() {
        return has(MAP_ANONYMOUS);
    }
}
