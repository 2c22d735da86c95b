package sharewalk.kernel.share.mshare2022;

import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.OpenFlags.O_ACCMODE;
import static sharewalk.abi.OpenFlags.O_RDONLY;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.RegularFile;

/// The file of a region: start and size in two 64-bit words, to be read and nothing else (patches 2, 3 and 13: it
/// is immutable).
final class InfoFile extends RegularFile implements FileOperations {
    private final byte[] content;

    InfoFile(FileSystem fileSystem, NamedRegion region) {
        super(fileSystem, region.permissions());
        this.content = ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(region.start())
                .putLong(region.sizeBytes())
                .array();
    }

    @Override
    public Outcome<FileOperations> open(int flags) {
        return (flags & O_ACCMODE) == O_RDONLY ? Outcome.of(this) : Outcome.error(-EPERM);
    }

    @Override
    public long truncate(long sizeBytes) {
        return -EPERM;
    }

    @Override
    public long changePermissions(int newPermissions) {
        return -EPERM;
    }

    @Override
    public long changeOwner(int newUid, int newGid) {
        return -EPERM;
    }

    @Override
    public boolean isSeekable() {
        return true;
    }

    @Override
    public long read(OpenFile file, long position, ByteBuffer into) {
        int start = (int) Math.min(position, content.length);
        int count = Math.min(content.length - start, into.remaining());
        into.put(content, start, count);
        return count;
    }
}
