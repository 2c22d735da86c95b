package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOSPC;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.memory.FrameAllocator;

/// The huge pages of one hugetlb file, and those promised to its shared mappings (`resv_map` of the inode).
///
/// The file has one reference to each of its pages, every entry that maps one has another. A nameless file lives while
/// it is mapped, one of a file system as long as its [Holder] says.
public final class HugePages implements PageSource {
    /// The answer for a page that the file does not have.
    public static final long ABSENT = FrameAllocator.NO_FRAME;

    private final HugePagePool pool;
    private final @Nullable Holder holder;
    private final ReverseMap reverseMap = new ReverseMap();

    /// By number of the huge page in the file: the first frame.
    private final TreeMap<Long, Long> resident = new TreeMap<>();

    /// The numbers of the huge pages that were promised, resident ones included.
    private final TreeSet<Long> promised = new TreeSet<>();

    private String name = "/anon_hugepage";
    private long sizeBytes;

    /// Creates a file of holes that is empty at first; without a holder it lives while it is mapped.
    public HugePages(HugePagePool pool, @Nullable Holder holder) {
        this.pool = pool;
        this.holder = holder;
    }

    /// Returns whether nothing but its mappings keeps the file.
    boolean isNameless() {
        return holder == null;
    }

    /// Returns the pool that the pages come from.
    public HugePagePool pool() {
        return pool;
    }

    @Override
    public int leafLevel() {
        return pool.level();
    }

    @Override
    public String name() {
        return name;
    }

    /// Sets the name that mappings show.
    public void mappedAs(String path) {
        name = path;
    }

    @Override
    public long frame(long pageIndex, Wanted access) {
        if (isBeyondEnd(pageIndex)) {
            return BEYOND_END;
        }
        long made = fill(pageIndex);
        return made < 0 ? made : made + (pageIndex & (pool.framesPerPage() - 1));
    }

    /// Returns the first frame of the huge page that holds a page, made if it is not there, or -ENOSPC.
    public long fill(long pageIndex) {
        long head = find(pageIndex);
        return head == ABSENT ? make(number(pageIndex)) : head;
    }

    /// Returns whether the whole huge page that holds a page does not lie in the file.
    boolean isBeyondEnd(long pageIndex) {
        return pageIndex < 0 || number(pageIndex) >= sizeBytes / pool.pageBytes();
    }

    /// Returns the first frame of the huge page that holds a page, or [#ABSENT].
    public long find(long pageIndex) {
        return resident.getOrDefault(number(pageIndex), ABSENT);
    }

    @Override
    public boolean isResident(long pageIndex) {
        return find(pageIndex) != ABSENT;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    /// Returns how many bytes the pages of the file take.
    public long storedBytes() {
        return resident.size() * pool.pageBytes();
    }

    /// Returns how many of the huge pages of `[firstPage, endPage)` are not promised to shared mappings yet.
    long missing(long firstPage, long endPage) {
        long first = number(firstPage);
        long end = number(endPage);
        return end - first - promised.subSet(first, end).size();
    }

    /// Notes that the pages of `[firstPage, endPage)` are promised to shared mappings (`hugetlb_reserve_pages`); the
    /// pool has been asked for those that were missing.
    void promise(long firstPage, long endPage) {
        for (long page = number(firstPage); page < number(endPage); page++) {
            promised.add(page);
        }
    }

    /// Makes the file at least so long, as a writable mapping does (`hugetlbfs_file_mmap`).
    public void extend(long newSizeBytes) {
        sizeBytes = Math.max(sizeBytes, newSizeBytes);
    }

    /// Sets the size, which must be a multiple of a huge page's; returns 0 or -EINVAL (`hugetlbfs_setattr`).
    public long truncate(long newSizeBytes) {
        if ((newSizeBytes & (pool.pageBytes() - 1)) != 0) {
            return -EINVAL;
        }
        sizeBytes = newSizeBytes;
        long first = newSizeBytes / pool.pageBytes();
        reverseMap.unmapPages(
                this, newSizeBytes >>> PAGE_SHIFT, Long.MAX_VALUE >>> PAGE_SHIFT, ReverseMap.Copies.DROPPED);
        Map<Long, Long> gone = resident.tailMap(first, true);
        long untouched = (long) promised.tailSet(first, true).size() - gone.size();
        gone.values().forEach(pool::release);
        gone.clear();
        promised.tailSet(first, true).clear();
        pool.unreserve(untouched);
        return 0;
    }

    /// Gives back the huge pages that lie wholly in a range; those that were there are promised no more, those that
    /// were not stay promised (`hugetlbfs_punch_hole`).
    @Override
    public long punchHole(long firstPage, long endPage) {
        long perPage = pool.framesPerPage();
        long first = (firstPage + perPage - 1) / perPage;
        long end = number(endPage);
        if (first < end) {
            reverseMap.unmapPages(this, first * perPage, end * perPage, ReverseMap.Copies.KEPT);
            Map<Long, Long> hole = resident.subMap(first, end);
            hole.keySet().forEach(promised::remove);
            hole.values().forEach(pool::release);
            hole.clear();
        }
        return 0;
    }

    @Override
    public void addMapping(AddressSpace space) {
        if (holder != null) {
            holder.mapped();
        }
        reverseMap.add(space);
    }

    @Override
    public void removeMapping(AddressSpace space) {
        reverseMap.remove(space);
        if (holder != null) {
            holder.unmapped();
        } else if (reverseMap.isEmpty()) {
            long _ = truncate(0);
        }
    }

    @Override
    public ReverseMap mappings() {
        return reverseMap;
    }

    private long make(long number) {
        boolean isPromised = promised.contains(number);
        long head = isPromised ? pool.takeReserved() : pool.takeUnreserved();
        if (head == FrameAllocator.NO_FRAME) {
            return -ENOSPC;
        }
        promised.add(number);
        resident.put(number, head);
        pool.countZeroed();
        return head;
    }

    private long number(long pageIndex) {
        return pageIndex / pool.framesPerPage();
    }

    /// What a file of huge pages belongs to: told of each VMA that maps it.
    public interface Holder {
        /// Tells that one VMA more maps the file.
        void mapped();

        /// Tells that one VMA less does.
        void unmapped();
    }
}
