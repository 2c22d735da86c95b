package sharewalk.kernel.fs.tmp;

import static sharewalk.abi.Errno.EBUSY;
import static sharewalk.abi.Errno.EFBIG;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.Errno.ENOSPC;
import static sharewalk.abi.Errno.EOPNOTSUPP;
import static sharewalk.abi.Errno.EPERM;
import static sharewalk.abi.Fallocate.FALLOC_FL_KEEP_SIZE;
import static sharewalk.abi.Fallocate.FALLOC_FL_PUNCH_HOLE;
import static sharewalk.abi.Fcntl.F_SEAL_FUTURE_WRITE;
import static sharewalk.abi.Fcntl.F_SEAL_GROW;
import static sharewalk.abi.Fcntl.F_SEAL_SEAL;
import static sharewalk.abi.Fcntl.F_SEAL_SHRINK;
import static sharewalk.abi.Fcntl.F_SEAL_WRITE;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_BYTES;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_SHIFT;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.fs.page.PagedFile;
import sharewalk.kernel.mm.HugeMemory;
import sharewalk.kernel.mm.ReverseMap.Copies;
import sharewalk.kernel.mm.Vma;
import sharewalk.mmu.memory.FrameAllocator;

/// A regular file in memory: sparse, its pages allocated when first written or mapped.
public final class TmpFile extends PagedFile {
    private static final int ALL_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE;
    private static final int WRITE_SEALS = F_SEAL_WRITE | F_SEAL_FUTURE_WRITE;

    private final TmpFileSystem fileSystem;
    private final Space space;
    private long sizeBytes;
    private int seals = F_SEAL_SEAL;
    private boolean mayGetName;

    TmpFile(TmpFileSystem fileSystem, int permissions, PageFrames frames) {
        super(fileSystem, permissions, frames);
        this.fileSystem = fileSystem;
        this.space = fileSystem.space();
    }

    /// Takes the name away that a file is created with; one that may get a name later is O_TMPFILE's.
    TmpFile withoutName(boolean mayGetNameLater) {
        setLinks(0);
        mayGetName = mayGetNameLater;
        return this;
    }

    /// Tells whether another name can be given to it.
    boolean isLinkable() {
        return links() > 0 || mayGetName;
    }

    /// Lets the file be sealed (MFD_ALLOW_SEALING).
    void allowSealing() {
        seals = 0;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public boolean isShmem() {
        return true;
    }

    /// Returns the seals (F_GET_SEALS).
    public int seals() {
        return seals;
    }

    /// Adds seals (F_ADD_SEALS).
    ///
    /// Sealing against writes is refused while the file is mapped at all; Linux refuses only for writable
    /// mappings.
    public long addSeals(OpenFile file, int more) {
        if (!file.canWrite()) {
            return -EPERM;
        }
        if ((more & ~ALL_SEALS) != 0) {
            return -EINVAL;
        }
        if ((seals & F_SEAL_SEAL) != 0) {
            return -EPERM;
        }
        if ((more & F_SEAL_WRITE) != 0 && isMapped()) {
            return -EBUSY;
        }
        seals |= more;
        return 0;
    }

    @Override
    public long refusalToMapForWriting(OpenFile file) {
        return (seals & WRITE_SEALS) != 0 ? -EPERM : 0;
    }

    @Override
    public long write(OpenFile file, long position, ByteBuffer from) {
        if (position >= SIZE_LIMIT) {
            return -EFBIG;
        }
        if ((seals & WRITE_SEALS) != 0) {
            return -EPERM;
        }
        int wanted = (int) Math.min(from.remaining(), SIZE_LIMIT - position);
        if ((seals & F_SEAL_GROW) != 0 && position + wanted > sizeBytes) {
            return -EPERM;
        }
        int done = 0;
        while (done < wanted) {
            long at = position + done;
            int inPage = (int) Math.min(wanted - done, FRAME_BYTES - (at & FRAME_BYTES - 1));
            long refusal = watch().isWatched(at >>> FRAME_SHIFT) ? watch().written(at >>> FRAME_SHIFT) : 0;
            long pfn = refusal != 0 ? refusal : resident(at >>> FRAME_SHIFT);
            if (pfn < 0) {
                return done > 0 ? done : pfn;
            }
            int source = from.arrayOffset() + from.position();
            frames().write(pfn, (int) at & FRAME_BYTES - 1, from.array(), source, inPage);
            from.position(from.position() + inPage);
            done += inPage;
            sizeBytes = Math.max(sizeBytes, position + done);
        }
        modified();
        return done;
    }

    @Override
    public long truncate(long newSizeBytes) {
        if (newSizeBytes > SIZE_LIMIT) {
            return -EFBIG;
        }
        boolean isSealed = (newSizeBytes < sizeBytes && (seals & F_SEAL_SHRINK) != 0)
                || (newSizeBytes > sizeBytes && (seals & F_SEAL_GROW) != 0);
        if (isSealed) {
            return -EPERM;
        }
        if (newSizeBytes < sizeBytes) {
            shrink(newSizeBytes);
        }
        sizeBytes = newSizeBytes;
        modified();
        return 0;
    }

    @Override
    public long allocate(OpenFile file, int mode, long offset, long rangeBytes) {
        if ((mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE)) != 0 || mode == FALLOC_FL_PUNCH_HOLE) {
            return -EOPNOTSUPP;
        }
        if (offset > SIZE_LIMIT - rangeBytes) {
            return -EFBIG;
        }
        if ((mode & FALLOC_FL_PUNCH_HOLE) != 0) {
            return punch(offset, offset + rangeBytes);
        }
        return fill(offset, offset + rangeBytes, (mode & FALLOC_FL_KEEP_SIZE) != 0);
    }

    @Override
    public long punchHole(long firstPage, long endPage) {
        long pages = pagesOf(SIZE_LIMIT);
        return punch(Math.clamp(firstPage, 0, pages) << FRAME_SHIFT, Math.clamp(endPage, 0, pages) << FRAME_SHIFT);
    }

    @Override
    protected long load(long pageIndex) {
        long refusal = space.takePages(1);
        if (refusal < 0) {
            return refusal;
        }
        long pfn = frames().allocateZeroed();
        if (pfn < 0) {
            space.returnPages(1);
            return -ENOMEM;
        }
        return install(pageIndex, pfn);
    }

    @Override
    protected long loadFor(@Nullable Vma area, long pageIndex) {
        HugeMemory memory = fileSystem.hugeMemory();
        if (memory != null && fileSystem.wantsHugePage(area, pageIndex, sizeBytes)) {
            long head = loadHuge(pageIndex & -HugeMemory.SHMEM_FRAMES, memory);
            if (head != FrameAllocator.NO_FRAME) {
                return head + (pageIndex & HugeMemory.SHMEM_FRAMES - 1);
            }
        }
        return load(pageIndex);
    }

    /// Brings in a whole huge page, if none of its small ones is there and there is room for all; returns its first
    /// frame.
    private long loadHuge(long firstPage, HugeMemory memory) {
        if (residentPages(firstPage, firstPage + HugeMemory.SHMEM_FRAMES) > 0
                || space.takePages(HugeMemory.SHMEM_FRAMES) < 0) {
            return FrameAllocator.NO_FRAME;
        }
        long head = memory.newShmemPage();
        if (head == FrameAllocator.NO_FRAME) {
            space.returnPages(HugeMemory.SHMEM_FRAMES);
            return head;
        }
        for (int i = 0; i < HugeMemory.SHMEM_FRAMES; i++) {
            long _ = install(firstPage + i, head + i);
        }
        return head;
    }

    /// Lets pages of a range go; huge pages that it cuts are split before.
    private void letGo(long firstPage, long endPage, Copies copies) {
        HugeMemory memory = fileSystem.hugeMemory();
        if (memory != null && firstPage < endPage) {
            splitAt(firstPage, memory);
            splitAt(endPage, memory);
        }
        space.returnPages(drop(firstPage, endPage, copies));
    }

    @Override
    protected long readAbsent(long position, ByteBuffer into, int count) {
        for (int done = 0; done < count; done++) {
            into.put((byte) 0);
        }
        return 0;
    }

    @Override
    protected boolean hasHoles() {
        return true;
    }

    @Override
    protected void discarded() {
        space.returnPages(drop(0, pagesOf(SIZE_LIMIT), Copies.DROPPED));
        space.returnInode();
    }

    private void shrink(long newSizeBytes) {
        sizeBytes = newSizeBytes;
        letGo(pagesOf(newSizeBytes), pagesOf(SIZE_LIMIT), Copies.DROPPED);
        clear(newSizeBytes, pagesOf(newSizeBytes) << FRAME_SHIFT);
    }

    private long punch(long start, long end) {
        if ((seals & WRITE_SEALS) != 0) {
            return -EPERM;
        }
        long firstPage = pagesOf(start);
        long endPage = end >>> FRAME_SHIFT;
        letGo(firstPage, endPage, Copies.KEPT);
        clear(start, Math.min(end, firstPage << FRAME_SHIFT));
        if (endPage >= firstPage) {
            clear(endPage << FRAME_SHIFT, end);
        }
        modified();
        return 0;
    }

    private long fill(long start, long end, boolean keepsSize) {
        if (end > sizeBytes && !keepsSize && (seals & F_SEAL_GROW) != 0) {
            return -EPERM;
        }
        long firstPage = start >>> FRAME_SHIFT;
        long endPage = pagesOf(end);
        long missing = endPage - firstPage - residentPages(firstPage, endPage);
        if (missing > Math.min(space.freePages(), frames().freeFrames())) {
            return -ENOSPC;
        }
        for (long page = firstPage; page < endPage; page++) {
            long pfn = resident(page);
            if (pfn < 0) {
                return pfn;
            }
        }
        sizeBytes = keepsSize ? sizeBytes : Math.max(sizeBytes, end);
        modified();
        return 0;
    }
}
