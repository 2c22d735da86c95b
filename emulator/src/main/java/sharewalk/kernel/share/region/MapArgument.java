package sharewalk.kernel.share.region;

import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What a process asks to be mapped in a region, in a structure of its memory (`struct mshare_map`, `struct
/// container_map`): 64 bits each of offset in the region, size and offset in the file, 32 bits each of protection,
/// flags, descriptor, and 0.
public record MapArgument(
        long offset, long sizeBytes, long fileOffset, int prot, int flags, int descriptor, int reserved) {
    /// The size of the structure.
    public static final int BYTES = 40;

    /// Reads the structure from its bytes.
    public static MapArgument of(byte[] struct) {
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

    /// Returns whether it names whole pages of the region and of the file, and nothing where 0 is due.
    public boolean isWellFormedFor(Region region) {
        return ((offset | fileOffset) & (PAGE_BYTES - 1)) == 0 && reserved == 0 && region.contains(offset, sizeBytes);
    }
}
