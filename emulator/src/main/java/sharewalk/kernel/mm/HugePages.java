package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.Errno.ENOSPC;
import static sharewalk.mmu.paging.PagingMode.PAGE_SHIFT;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.memory.FrameAllocator;

/// The huge pages of one hugetlb file, and those promised to its shared mappings (`resv_map` of the inode).
///
/// The file has one reference to each of its pages, every entry that maps one has another. A nameless file lives while
/// it is mapped, one of a file system as long as its [Holder] says.
public final class HugePages implements PageSource {
    /// The answer for a page that the file does not have.
    public static final long ABSENT = FrameAllocator.NO_FRAME;

    private final MemoryContext context;
    private final HugePagePool pool;
    private final Holder holder;
    private final ReverseMap reverseMap = new ReverseMap();

    /// By number of the huge page in the file: the first frame.
    private final TreeMap<Long, Long> resident = new TreeMap<>();

    /// The numbers of the huge pages that were promised, resident ones included.
    private final TreeSet<Long> promised = new TreeSet<>();

    private String name = "/anon_hugepage";
    private long sizeBytes;

    /// Creates a file of holes that is empty at first.
    public HugePages(MemoryContext context, HugePagePool pool, Holder holder) {
        this.context = context;
        this.pool = pool;
        this.holder = holder;
    }

    /// Returns a nameless file of a size, for MAP_ANONYMOUS with MAP_HUGETLB.
    static HugePages nameless(MemoryContext context, HugePagePool pool, long sizeBytes) {
        HugePages made = new HugePages(context, pool, Holder.NOBODY);
        made.sizeBytes = sizeBytes;
        return made;
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
        if (pageIndex < 0 || pageIndex << PAGE_SHIFT >= sizeBytes) {
            return BEYOND_END;
        }
        long head = find(pageIndex);
        long made = head == ABSENT ? make(number(pageIndex)) : head;
        return made < 0 ? made : made + (pageIndex & (pool.framesPerPage() - 1));
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

    /// Promises the pages `[firstPage, endPage)` to a shared mapping (`hugetlb_reserve_pages`); returns 0 or -ENOMEM.
    long reserve(long firstPage, long endPage) {
        long first = number(firstPage);
        long end = number(endPage);
        long missing = end - first - promised.subSet(first, end).size();
        if (!pool.reserve(missing)) {
            return -ENOMEM;
        }
        for (long page = first; page < end; page++) {
            promised.add(page);
        }
        return 0;
    }

    /// Makes the file at least so long: what a writable mapping does (`hugetlbfs_file_mmap`).
    void extend(long newSizeBytes) {
        sizeBytes = Math.max(sizeBytes, newSizeBytes);
    }

    /// Sets the size, which must be a multiple of a huge page's; returns 0 or -EINVAL (`hugetlbfs_setattr`).
    public long truncate(long newSizeBytes) {
        if ((newSizeBytes & (pool.pageBytes() - 1)) != 0) {
            return -EINVAL;
        }
        sizeBytes = newSizeBytes;
        long first = newSizeBytes / pool.pageBytes();
        reverseMap.unmapPages(this, newSizeBytes >>> PAGE_SHIFT, Long.MAX_VALUE >>> PAGE_SHIFT, ReverseMap.Copies.DROPPED);
        Map<Long, Long> gone = resident.tailMap(first, true);
        long untouched = promised.tailSet(first, true).size() - gone.size();
        gone.values().forEach(context.frames()::release);
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
            hole.values().forEach(context.frames()::release);
            hole.clear();
        }
        return 0;
    }

    @Override
    public void addMapping(AddressSpace space) {
        holder.mapped();
        reverseMap.add(space);
    }

    @Override
    public void removeMapping(AddressSpace space) {
        reverseMap.remove(space);
        if (holder == Holder.NOBODY && reverseMap.isEmpty()) {
            long _ = truncate(0);
        }
        holder.unmapped();
    }

    /// Returns who maps the file.
    public ReverseMap reverseMap() {
        return reverseMap;
    }

    /// Counts the zeroing of a huge page, as that of the pages it could hold.
    void countZeroed() {
        context.current().countersElsewhere().record(Counter.PAGE_ZEROED, pool.framesPerPage());
    }

    private long make(long number) {
        boolean isPromised = promised.contains(number);
        long head = isPromised ? pool.takeReserved() : pool.takeUnreserved();
        if (head == FrameAllocator.NO_FRAME) {
            return -ENOSPC;
        }
        promised.add(number);
        resident.put(number, head);
        countZeroed();
        return head;
    }

    private long number(long pageIndex) {
        return pageIndex / pool.framesPerPage();
    }

    /// What a file of huge pages belongs to: told of each VMA that maps it.
    public interface Holder {
        /// The holder of a file that nothing but its mappings keeps.
        Holder NOBODY = new Holder() {
            @Override
            public void mapped() {}

            @Override
            public void unmapped() {}
        };

        /// Tells that one VMA more maps the file.
        void mapped();

        /// Tells that one VMA less does.
        void unmapped();
    }
}
