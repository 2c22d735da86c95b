package sharewalk.kernel.fs.page;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENXIO;
import static sharewalk.abi.Errno.EOVERFLOW;
import static sharewalk.abi.Seek.SEEK_CUR;
import static sharewalk.abi.Seek.SEEK_DATA;
import static sharewalk.abi.Seek.SEEK_END;
import static sharewalk.abi.Seek.SEEK_HOLE;
import static sharewalk.abi.Seek.SEEK_SET;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_BYTES;
import static sharewalk.mmu.memory.PhysicalMemory.FRAME_SHIFT;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.fs.FileOperations;
import sharewalk.kernel.fs.FileSystem;
import sharewalk.kernel.fs.OpenFile;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.RegularFile;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.HugeMemory;
import sharewalk.kernel.mm.MapSource;
import sharewalk.kernel.mm.PageSource;
import sharewalk.kernel.mm.ReverseMap;
import sharewalk.kernel.mm.ReverseMap.Copies;
import sharewalk.kernel.mm.Vma;
import sharewalk.kernel.wait.WaitQueue;

/// A regular file whose pages lie in frames, or come into them when asked for.
///
/// One object per inode, whoever opens or maps it: all see the same frames.
public abstract class PagedFile extends RegularFile implements PageSource, FileOperations {
    /// The largest size a file can have: all whole pages below 2^63 (MAX_LFS_FILESIZE).
    public static final long SIZE_LIMIT = Long.MAX_VALUE & -FRAME_BYTES;

    private final PageFrames frames;
    private final PageCache cache;
    private final ReverseMap mappings = new ReverseMap();
    private String mappedAs = "";
    private PageWatch watch = PageWatch.NONE;

    /// Creates a file without resident pages.
    protected PagedFile(FileSystem fileSystem, int permissions, PageFrames frames) {
        super(fileSystem, permissions);
        this.frames = frames;
        this.cache = new PageCache(frames);
    }

    /// Brings a page into a frame, and the frame into the cache by `install`; returns the frame, or a negative
    /// errno.
    ///
    /// Preconditions:
    /// - the page lies in the file and is not resident
    protected abstract long load(long pageIndex);

    /// The same for a fault in an area, whose advice may decide how much is brought in, or for a system call when that
    /// is null.
    protected long loadFor(@Nullable Vma area, long pageIndex) {
        return load(pageIndex);
    }

    /// Reads bytes of a page that is not resident.
    protected abstract long readAbsent(long position, ByteBuffer into, int sizeBytes);

    /// Tells whether the pages not resident are holes: all zero, stored nowhere.
    protected abstract boolean hasHoles();

    @Override
    public Outcome<FileOperations> open(int flags) {
        return Outcome.of(this);
    }

    @Override
    public final boolean isSeekable() {
        return true;
    }

    @Override
    public Outcome<MapSource> mapSource(OpenFile file) {
        mappedAs(file.path());
        return Outcome.of(this);
    }

    @Override
    public String name() {
        return mappedAs;
    }

    @Override
    public final long frame(long pageIndex, Wanted access) {
        if (pageIndex < 0 || pageIndex >= pagesOf(sizeBytes())) {
            return BEYOND_END;
        }
        return findOrLoad(pageIndex);
    }

    @Override
    public final long frame(Vma area, long pageIndex, Wanted access) {
        if (pageIndex < 0 || pageIndex >= pagesOf(sizeBytes())) {
            return BEYOND_END;
        }
        long pfn = find(pageIndex);
        return pfn == PageCache.ABSENT ? loadFor(area, pageIndex) : pfn;
    }

    @Override
    public final boolean isResident(long pageIndex) {
        long pfn = cache.find(pageIndex);
        return pfn != PageCache.ABSENT && !frames.swap().isSlot(pfn);
    }

    @Override
    public boolean holds(long pageIndex) {
        return cache.find(pageIndex) != PageCache.ABSENT;
    }

    /// Tells whether pages can go to swap: the file has no other place for them.
    @Override
    public boolean isSwappable() {
        return hasHoles();
    }

    @Override
    public final boolean swapOut(long pageIndex) {
        long pfn = cache.find(pageIndex);
        if (!isSwappable() || !frames.isUnused(pfn)) {
            return false;
        }
        long slot = frames.swap().store(pfn);
        if (slot < 0) {
            return false;
        }
        cache.replace(pageIndex, slot);
        frames.release(pfn);
        return true;
    }

    @Override
    public final PageWatch watch() {
        return watch;
    }

    /// Counts that somebody was told of a write.
    public final void writeTold() {
        frames.told();
    }

    /// Sets who is told of writes to the file; entries that let pages be written that are watched now are the caller's
    /// affair.
    public final void setWatch(PageWatch newWatch) {
        watch = newWatch;
    }

    @Override
    public @Nullable WaitQueue waitQueue(OpenFile file, int event) {
        return watch.waiting();
    }

    @Override
    public final ReverseMap mappings() {
        return mappings;
    }

    @Override
    public final void addMapping(AddressSpace space) {
        retain();
        mappings.add(space);
    }

    @Override
    public final void removeMapping(AddressSpace space) {
        mappings.remove(space);
        release();
    }

    @Override
    public final long read(OpenFile file, long position, ByteBuffer into) {
        if (position > Long.MAX_VALUE - into.remaining()) {
            return -EINVAL;
        }
        int wanted = (int) Math.min(into.remaining(), Math.max(sizeBytes() - position, 0));
        int done = 0;
        while (done < wanted) {
            long at = position + done;
            int inPage = (int) Math.min(wanted - done, FRAME_BYTES - (at & FRAME_BYTES - 1));
            long error = readPart(at, into, inPage);
            if (error < 0) {
                return done > 0 ? done : error;
            }
            done += inPage;
        }
        return done;
    }

    @Override
    public final long seek(OpenFile file, long offset, int whence) {
        return switch (whence) {
            case SEEK_SET -> moved(0, offset);
            case SEEK_CUR -> moved(file.position(), offset);
            case SEEK_END -> moved(sizeBytes(), offset);
            case SEEK_DATA, SEEK_HOLE -> offset < 0 || offset >= sizeBytes() ? -ENXIO : edge(offset, whence);
            default -> -EINVAL;
        };
    }

    @Override
    public long storedBytes() {
        return cache.residentPages() << FRAME_SHIFT;
    }

    /// Sets the name that mappings show.
    public final void mappedAs(String path) {
        mappedAs = path;
    }

    /// Returns the number of pages that so many bytes take.
    public static long pagesOf(long sizeBytes) {
        return (sizeBytes + FRAME_BYTES - 1) >>> FRAME_SHIFT;
    }

    /// Returns the frame of a page, brought in when it is not resident, or a negative errno.
    protected final long resident(long pageIndex) {
        frames.lookedUp();
        return findOrLoad(pageIndex);
    }

    private long findOrLoad(long pageIndex) {
        long pfn = find(pageIndex);
        return pfn == PageCache.ABSENT ? loadFor(null, pageIndex) : pfn;
    }

    /// Returns the frame of a page in the cache, brought back from swap if need be, `ABSENT`, or -ENOMEM.
    private long find(long pageIndex) {
        long pfn = cache.find(pageIndex);
        if (!frames.swap().isSlot(pfn)) {
            return pfn;
        }
        long back = frames.swap().fetch(pfn);
        if (back >= 0) {
            cache.replace(pageIndex, back);
        }
        return back;
    }

    /// Makes a frame the page's, taking over the caller's reference; returns the frame.
    protected final long install(long pageIndex, long pfn) {
        cache.add(pageIndex, pfn);
        return pfn;
    }

    /// Returns the RAM of the machine.
    protected final PageFrames frames() {
        return frames;
    }

    /// Returns how many of the pages `[firstPage, endPage)` are resident.
    protected final long residentPages(long firstPage, long endPage) {
        return cache.residentPages(firstPage, endPage);
    }

    /// Tells whether any process maps the file.
    protected final boolean isMapped() {
        return !mappings.isEmpty();
    }

    /// Takes the pages `[firstPage, endPage)` from whoever maps them and lets their frames go; returns how many
    /// went.
    protected final long drop(long firstPage, long endPage, Copies copies) {
        if (firstPage < endPage && isMapped()) {
            mappings.unmapPages(this, firstPage, endPage, copies);
        }
        return cache.remove(firstPage, endPage);
    }

    /// Splits the huge page that has a page inside, but not as its first: whoever maps it faults in what stays.
    protected final void splitAt(long pageIndex, HugeMemory memory) {
        long first = pageIndex & -HugeMemory.SHMEM_FRAMES;
        long pfn = cache.find(first);
        if (first != pageIndex && pfn != PageCache.ABSENT && memory.isHuge(pfn)) {
            mappings.unmapPages(this, first, first + HugeMemory.SHMEM_FRAMES, Copies.KEPT);
            memory.splitShmemPage(pfn);
        }
    }

    /// Zeroes bytes within one page, if that is resident.
    protected final void clear(long position, long end) {
        long pfn = find(position >>> FRAME_SHIFT);
        if (pfn > PageCache.ABSENT && position < end) {
            int start = (int) position & FRAME_BYTES - 1;
            frames.clear(pfn, start, start + (int) (end - position));
        }
    }

    private long readPart(long position, ByteBuffer into, int sizeBytes) {
        frames.lookedUp();
        long pfn = find(position >>> FRAME_SHIFT);
        if (pfn <= PageCache.ABSENT) {
            return pfn < 0 ? pfn : readAbsent(position, into, sizeBytes);
        }
        int target = into.arrayOffset() + into.position();
        frames.read(pfn, (int) position & FRAME_BYTES - 1, into.array(), target, sizeBytes);
        into.position(into.position() + sizeBytes);
        return 0;
    }

    private long edge(long offset, int whence) {
        if (!hasHoles()) {
            return whence == SEEK_DATA ? offset : sizeBytes();
        }
        long page = offset >>> FRAME_SHIFT;
        if (whence == SEEK_HOLE) {
            return Math.min(Math.max(cache.nextAbsent(page) << FRAME_SHIFT, offset), sizeBytes());
        }
        long next = cache.nextResident(page);
        boolean isFound = next < pagesOf(sizeBytes());
        return isFound ? Math.max(next << FRAME_SHIFT, offset) : -ENXIO;
    }

    private static long moved(long base, long offset) {
        long position = base + offset;
        if (offset > 0 && position < 0) {
            return -EOVERFLOW;
        }
        return position < 0 ? -EINVAL : position;
    }
}
