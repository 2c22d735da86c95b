package sharewalk.kernel.mm;

import static sharewalk.mmu.paging.PagingMode.PAGE_BYTES;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.memory.SuperpageKeeper;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;

/// The huge pages of a machine: the pools for hugetlb, one for each size that its harts can map, of which the first is
/// the default size, 2 MiB; and when memory that files share gets huge pages by itself.
public final class HugeMemory implements SuperpageKeeper {
    private static final int LEAST_LEVEL = 1;
    private static final int MOST_LEVEL = 2;

    /// The frames of a huge page of shared memory.
    public static final int SHMEM_FRAMES = 512;

    private final FrameAllocator frames;
    private final CurrentHart current;
    private final List<HugePagePool> pools = new ArrayList<>();
    private HugeShmem shmem = HugeShmem.NEVER;

    /// Creates the huge pages of a machine: none are kept yet.
    public HugeMemory(FrameAllocator frames, PagingMode mode, Set<PagingFeature> features, CurrentHart current) {
        this.frames = frames;
        this.current = current;
        for (int level = LEAST_LEVEL; level <= MOST_LEVEL; level++) {
            if (level < MOST_LEVEL || hasLargest(mode, features)) {
                pools.add(new HugePagePool(frames, current, level));
            }
        }
        frames.keepWith(this);
    }

    private static boolean hasLargest(PagingMode mode, Set<PagingFeature> features) {
        return switch (KernelRules.of(mode)) {
            case RISCV -> true;
            case X86_64 -> features.contains(PagingFeature.GIB_PAGES);
        };
    }

    /// Returns when shared memory outside mounted file systems gets huge pages.
    public HugeShmem shmem() {
        return shmem;
    }

    /// Sets when shared memory outside mounted file systems gets huge pages.
    public void setShmem(HugeShmem when) {
        shmem = when;
    }

    /// Returns when shared memory of a mounted file system gets huge pages that was mounted with a choice of its own.
    public HugeShmem shmem(HugeShmem mounted) {
        return shmem == HugeShmem.DENY || shmem == HugeShmem.FORCE ? shmem : mounted;
    }

    /// Returns the first frame of a huge page of zeros for shared memory, with one reference for each of its frames, or
    /// [FrameAllocator#NO_FRAME]. The zeroing counts as that of the small pages it could hold.
    public long newShmemPage() {
        long head = frames.allocateSuperpage(LEAST_LEVEL);
        if (head == FrameAllocator.NO_FRAME) {
            return head;
        }
        for (long pfn = head + 1; pfn < head + SHMEM_FRAMES; pfn++) {
            frames.retain(pfn);
        }
        current.countersElsewhere().record(Counter.PAGE_ZEROED, SHMEM_FRAMES);
        return head;
    }

    /// Makes ordinary frames of the huge page that a frame of shared memory is part of, when nobody but its file uses
    /// it (`split_folio`).
    public void splitShmemPage(long pfn) {
        long head = frames.table().head(pfn);
        if (frames.table().level(pfn) > 0 && frames.references(head) == SHMEM_FRAMES) {
            frames.split(head);
        }
    }

    /// Returns whether a frame of shared memory is part of a huge page.
    public boolean isHuge(long pfn) {
        return pfn < frames.table().frames() && frames.table().level(pfn) > 0;
    }

    /// Returns the bytes of the huge pages of shared memory (`ShmemHugePages`).
    public long shmemBytes() {
        long bytes = 0;
        FrameTable table = frames.table();
        for (long head = 0; head < table.frames(); head += SHMEM_FRAMES) {
            bytes += table.use(head) == FrameUse.DATA && table.level(head) > 0 ? SHMEM_FRAMES * PAGE_BYTES : 0;
        }
        return bytes;
    }

    /// Returns all pools, the smallest pages first.
    public List<HugePagePool> all() {
        return List.copyOf(pools);
    }

    /// Returns the pool of the default size.
    public HugePagePool standard() {
        return pools.getFirst();
    }

    /// Returns the pool of the size that a selector names, the base-2 logarithm of it or 0 for the default
    /// (`hstate_sizelog`).
    public Optional<HugePagePool> ofShift(int shift) {
        return shift == 0 ? Optional.of(standard()) : ofBytes(1L << shift);
    }

    /// Returns the pool of pages of a size.
    public Optional<HugePagePool> ofBytes(long pageBytes) {
        return pools.stream().filter(pool -> pool.pageBytes() == pageBytes).findFirst();
    }

    @Override
    public void unused(long head, int level) {
        pools.stream()
                .filter(pool -> pool.level() == level)
                .findFirst()
                .orElseThrow()
                .unused(head);
    }
}
