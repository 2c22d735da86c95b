package sharewalk.kernel.fs.tmp;

import static sharewalk.abi.Errno.EFBIG;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENXIO;
import static sharewalk.abi.Errno.EOPNOTSUPP;
import static sharewalk.abi.Fallocate.FALLOC_FL_KEEP_SIZE;
import static sharewalk.abi.Fallocate.FALLOC_FL_PUNCH_HOLE;
import static sharewalk.abi.Seek.SEEK_CUR;
import static sharewalk.abi.Seek.SEEK_DATA;
import static sharewalk.abi.Seek.SEEK_END;
import static sharewalk.abi.Seek.SEEK_HOLE;
import static sharewalk.abi.Seek.SEEK_SET;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_BYTES;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_SHIFT;

import java.nio.ByteBuffer;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.RegularFile;
import sharewalk.kernel.mm.HugePages;
import sharewalk.kernel.mm.MapSource;
import sharewalk.kernel.mm.PageSource.Wanted;

/// A regular file of huge pages: to be mapped and read, not written by write(2); its size is a number of whole pages.
public final class HugeFile extends RegularFile implements FileOperations {
    private final HugeFileSystem fileSystem;
    private final HugePages pages;

    HugeFile(HugeFileSystem fileSystem, int permissions) {
        super(fileSystem, permissions);
        this.fileSystem = fileSystem;
        this.pages = new HugePages(fileSystem.pool(), new HugePages.Holder() {
            @Override
            public void mapped() {
                retain();
            }

            @Override
            public void unmapped() {
                release();
            }
        });
    }

    /// Takes the name away that a file is created with.
    HugeFile withoutName() {
        setLinks(0);
        return this;
    }

    @Override
    public Outcome<FileOperations> open(int flags) {
        return Outcome.of(this);
    }

    @Override
    public long sizeBytes() {
        return pages.sizeBytes();
    }

    @Override
    public long storedBytes() {
        return pages.storedBytes();
    }

    @Override
    public long blockBytes() {
        return pages.pool().pageBytes();
    }

    @Override
    public boolean isSeekable() {
        return true;
    }

    @Override
    public Outcome<MapSource> mapSource(OpenFile file) {
        pages.mappedAs(file.path());
        return Outcome.of(pages);
    }

    @Override
    public long read(OpenFile file, long position, ByteBuffer into) {
        int wanted = (int) Math.min(into.remaining(), Math.max(sizeBytes() - position, 0));
        int done = 0;
        while (done < wanted) {
            long at = position + done;
            int start = (int) at & FRAME_BYTES - 1;
            int part = Math.min(wanted - done, FRAME_BYTES - start);
            if (pages.isResident(at >>> FRAME_SHIFT)) {
                long pfn = pages.frame(at >>> FRAME_SHIFT, Wanted.READ);
                fileSystem.frames().read(pfn, start, into.array(), into.arrayOffset() + into.position(), part);
                into.position(into.position() + part);
            } else {
                into.put(new byte[part]);
            }
            done += part;
        }
        return done;
    }

    @Override
    public long seek(OpenFile file, long offset, int whence) {
        long position = switch (whence) {
            case SEEK_SET -> offset;
            case SEEK_CUR -> file.position() + offset;
            case SEEK_END -> sizeBytes() + offset;
            case SEEK_DATA -> offset >= sizeBytes() ? -ENXIO : offset;
            case SEEK_HOLE -> offset >= sizeBytes() ? -ENXIO : sizeBytes();
            default -> -EINVAL;
        };
        return position == -ENXIO || position >= 0 ? position : -EINVAL;
    }

    @Override
    public long truncate(long newSizeBytes) {
        long error = pages.truncate(newSizeBytes);
        if (error == 0) {
            modified();
        }
        return error;
    }

    /// hugetlbfs_fallocate.
    @Override
    public long allocate(OpenFile file, int mode, long offset, long rangeBytes) {
        if ((mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE)) != 0 || mode == FALLOC_FL_PUNCH_HOLE) {
            return -EOPNOTSUPP;
        }
        if (offset > Long.MAX_VALUE - blockBytes() - rangeBytes) {
            return -EFBIG;
        }
        if ((mode & FALLOC_FL_PUNCH_HOLE) != 0) {
            return punch(offset, offset + rangeBytes);
        }
        long end = offset + rangeBytes;
        for (long at = offset & -blockBytes(); at < end; at += blockBytes()) {
            long pfn = pages.fill(at >>> FRAME_SHIFT);
            if (pfn < 0) {
                return pfn;
            }
        }
        if ((mode & FALLOC_FL_KEEP_SIZE) == 0) {
            pages.extend(end);
        }
        modified();
        return 0;
    }

    @Override
    protected void discarded() {
        long _ = pages.truncate(0);
        fileSystem.space().returnInode();
    }

    /// Whole pages go; of the two that the ends may cut, the part inside is zeroed.
    private long punch(long start, long end) {
        long wholeStart = start + blockBytes() - 1 & -blockBytes();
        long wholeEnd = end & -blockBytes();
        clear(start, Math.min(wholeStart, end));
        clear(Math.max(wholeEnd, wholeStart), end);
        modified();
        return pages.punchHole(start + FRAME_BYTES - 1 >>> FRAME_SHIFT, end >>> FRAME_SHIFT);
    }

    /// Zeroes a part of one page, if it is there.
    private void clear(long start, long end) {
        long head = pages.find(start >>> FRAME_SHIFT);
        if (head == HugePages.ABSENT) {
            return;
        }
        long at = start;
        while (at < end) {
            int from = (int) at & FRAME_BYTES - 1;
            int to = (int) Math.min(FRAME_BYTES, from + end - at);
            fileSystem.frames().clear(head + ((at & blockBytes() - 1) >>> FRAME_SHIFT), from, to);
            at += to - from;
        }
    }
}
