package sharewalk.kernel.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static sharewalk.abi.Errno.EINVAL;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A buffer being filled with `struct linux_dirent64` (getdents64(2)).
final class DirectoryEntries implements DirectorySink {
    private static final int HEADER_BYTES = 19;

    private final ByteBuffer into;
    private final int start;
    private long next;
    private boolean overflowed;

    DirectoryEntries(ByteBuffer into, long position) {
        this.into = into.order(ByteOrder.LITTLE_ENDIAN);
        this.start = into.position();
        this.next = position;
    }

    @Override
    public boolean accept(String name, long inodeNumber, int type, long nextPosition) {
        int recordBytes = HEADER_BYTES + name.length() + 1 + 7 & ~7;
        if (recordBytes > into.remaining()) {
            overflowed = true;
            return false;
        }
        int end = into.position() + recordBytes;
        into.putLong(inodeNumber).putLong(nextPosition).putShort((short) recordBytes);
        into.put((byte) (type >> 12)).put(name.getBytes(ISO_8859_1));
        while (into.position() < end) {
            into.put((byte) 0);
        }
        next = nextPosition;
        return true;
    }

    /// Returns where the listing goes on.
    long next() {
        return next;
    }

    /// Returns the bytes written, or -EINVAL when there was no room for even one entry.
    long result() {
        int written = into.position() - start;
        return written == 0 && overflowed ? -EINVAL : written;
    }
}
