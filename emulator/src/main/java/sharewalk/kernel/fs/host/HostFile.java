package sharewalk.kernel.fs.host;

import static sharewalk.abi.Errno.EIO;
import static sharewalk.abi.Errno.EROFS;
import static sharewalk.abi.OpenFlags.O_ACCMODE;
import static sharewalk.abi.OpenFlags.O_RDONLY;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_BYTES;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_SHIFT;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.fs.page.PagedFile;
import sharewalk.kernel.mm.ReverseMap.Copies;

/// A regular file of the host, read-only; a page comes into a frame when it is first mapped.
///
/// Its size is that of the moment it was found; what the host has cut off since reads as zeros.
public final class HostFile extends PagedFile {
    private final Content content;

    HostFile(HostFileSystem fileSystem, Content content, int permissions, PageFrames frames) {
        super(fileSystem, permissions, frames);
        this.content = content;
    }

    /// Where the bytes lie.
    record Content(Path path, long sizeBytes, HostChannels channels) {
        /// Reads at a position until so many bytes are read or there are no more.
        void read(long position, ByteBuffer into) throws IOException {
            channels.read(path, position, into);
        }
    }

    @Override
    public Outcome<FileOperations> open(int flags) {
        return (flags & O_ACCMODE) == O_RDONLY ? super.open(flags) : Outcome.error(-EROFS);
    }

    @Override
    public long sizeBytes() {
        return content.sizeBytes();
    }

    @Override
    public long storedBytes() {
        return content.sizeBytes();
    }

    @Override
    public long truncate(long newSizeBytes) {
        return -EROFS;
    }

    @Override
    public long changePermissions(int newPermissions) {
        return -EROFS;
    }

    @Override
    public long changeOwner(int newUid, int newGid) {
        return -EROFS;
    }

    @Override
    public long changeTimes(long newAccessTime, long newModifyTime) {
        return -EROFS;
    }

    @Override
    protected long load(long pageIndex) {
        long pfn = frames().allocate();
        if (pfn < 0) {
            return pfn;
        }
        ByteBuffer page = ByteBuffer.allocate(FRAME_BYTES);
        try {
            content.read(pageIndex << FRAME_SHIFT, page);
        } catch (IOException _) {
            frames().release(pfn);
            return -EIO;
        }
        frames().write(pfn, 0, page.array(), 0, page.position());
        return install(pageIndex, pfn);
    }

    @Override
    protected long readAbsent(long position, ByteBuffer into, int count) {
        int end = into.position() + count;
        int limit = into.limit();
        into.limit(end);
        try {
            content.read(position, into);
        } catch (IOException _) {
            into.position(end - count);
            return -EIO;
        } finally {
            into.limit(limit);
        }
        while (into.position() < end) {
            into.put((byte) 0);
        }
        return 0;
    }

    @Override
    protected boolean hasHoles() {
        return false;
    }

    @Override
    protected void discarded() {
        long _ = drop(0, pagesOf(sizeBytes()), Copies.DROPPED);
    }
}
