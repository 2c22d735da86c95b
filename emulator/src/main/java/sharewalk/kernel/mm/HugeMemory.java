package sharewalk.kernel.mm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.SuperpageKeeper;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;

/// The huge pages of a machine: the pools for hugetlb, one for each size that its harts can map, of which the first is
/// the default size, 2 MiB; and when memory that files share gets huge pages by itself.
public final class HugeMemory implements SuperpageKeeper {
    private static final int LEAST_LEVEL = 1;
    private static final int MOST_LEVEL = 2;

    private final List<HugePagePool> pools = new ArrayList<>();
    private HugeShmem shmem = HugeShmem.NEVER;

    /// Creates the huge pages of a machine: none are kept yet.
    public HugeMemory(FrameAllocator frames, PagingMode mode, Set<PagingFeature> features, CurrentHart current) {
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
