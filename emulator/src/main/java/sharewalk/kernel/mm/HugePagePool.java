package sharewalk.kernel.mm;

import java.util.TreeSet;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.paging.PagingMode;

/// The huge pages of one size that are kept for hugetlb mappings (`struct hstate`): how many there are, which nobody
/// uses, and how many of those are promised to mappings that have not touched them yet.
///
/// Pages beyond the size of the pool are *surplus*: they are made when a promise needs them, up to a limit, and free
/// frames again when nobody uses them.
public final class HugePagePool {
    private final FrameAllocator frames;
    private final CurrentHart current;
    private final int level;
    private final TreeSet<Long> unused = new TreeSet<>();
    private long total;
    private long reserved;
    private long surplus;
    private long surplusLimit;

    HugePagePool(FrameAllocator frames, CurrentHart current, int level) {
        this.frames = frames;
        this.current = current;
        this.level = level;
    }

    /// Returns the level of the leaves that map one of the pages.
    public int level() {
        return level;
    }

    /// Returns the size of a page.
    public long pageBytes() {
        return framesPerPage() << PagingMode.PAGE_SHIFT;
    }

    /// Returns the frames of a page.
    long framesPerPage() {
        return FrameTable.framesOf(level);
    }

    /// Returns the number of pages, surplus ones included (`HugePages_Total`).
    public long total() {
        return total;
    }

    /// Returns the number of pages that nobody uses (`HugePages_Free`).
    public long unusedPages() {
        return unused.size();
    }

    /// Returns the number of pages promised and not yet used (`HugePages_Rsvd`).
    public long reserved() {
        return reserved;
    }

    /// Returns the number of pages beyond the size of the pool (`HugePages_Surp`).
    public long surplus() {
        return surplus;
    }

    /// Returns how many surplus pages there may be (`nr_overcommit_hugepages`).
    public long surplusLimit() {
        return surplusLimit;
    }

    /// Sets how many surplus pages there may be.
    public void limitSurplus(long limit) {
        surplusLimit = limit;
    }

    /// Makes the pool as large as asked for, as far as RAM has aligned free frames, and as small as what is in use or
    /// promised lets it be (`set_max_huge_pages`); what is in use beyond becomes surplus.
    public void resize(long pages) {
        while (surplus > 0 && pages > total - surplus) {
            surplus--;
        }
        while (pages > total - surplus && grow()) {
            // One page more each time.
        }
        long least = Math.max(pages, reserved + total - unused.size());
        while (total - surplus > least && !unused.isEmpty()) {
            dissolveOne();
        }
        while (total - surplus > pages && surplus < total) {
            surplus++;
        }
    }

    /// Promises pages (`hugetlb_acct_memory`); returns whether there are so many.
    boolean reserve(long pages) {
        long missing = reserved + pages - unused.size();
        for (long made = 0; made < missing; made++) {
            if (!growSurplus()) {
                while (made-- > 0) {
                    dissolveOne();
                    surplus--;
                }
                return false;
            }
        }
        reserved += pages;
        return true;
    }

    /// Takes back a promise; surplus pages made for it go (`return_unused_surplus_pages`).
    void unreserve(long pages) {
        reserved -= pages;
        for (long i = Math.min(pages, surplus); i > 0 && !unused.isEmpty(); i--) {
            dissolveOne();
            surplus--;
        }
    }

    /// Renews the promise of a page that was given up before its mapping is gone.
    void reserveAgain() {
        reserved++;
    }

    /// Returns the first frame of a zeroed page that was promised.
    long takeReserved() {
        reserved--;
        return take();
    }

    /// Returns the first frame of a zeroed page that was not promised to anybody, or [FrameAllocator#NO_FRAME].
    long takeUnreserved() {
        return unused.size() > reserved || growSurplus() ? take() : FrameAllocator.NO_FRAME;
    }

    /// Counts the zeroing of a page for a file, as that of the small pages it could hold.
    void countZeroed() {
        current.countersElsewhere().record(Counter.PAGE_ZEROED, framesPerPage());
    }

    /// Gives a page back, or the reference of one who used it.
    void release(long head) {
        frames.release(head);
    }

    /// Notes that a page of this pool is used no more.
    void unused(long head) {
        unused.add(head);
        if (surplus > 0) {
            dissolve(head);
            surplus--;
        }
    }

    private long take() {
        Long head = unused.pollFirst();
        if (head == null) {
            throw new IllegalStateException("a huge page was promised and is not there");
        }
        frames.reuse(head);
        return head;
    }

    private boolean growSurplus() {
        boolean grown = surplus < surplusLimit && grow();
        surplus += grown ? 1 : 0;
        return grown;
    }

    private boolean grow() {
        long head = frames.keepSuperpage(level);
        if (head == FrameAllocator.NO_FRAME) {
            return false;
        }
        total++;
        unused.add(head);
        return true;
    }

    private void dissolveOne() {
        dissolve(unused.last());
    }

    private void dissolve(long head) {
        unused.remove(head);
        total--;
        frames.dissolve(head);
    }
}
