package sharewalk.kernel.mm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.SuperpageKeeper;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;

/// The pools of huge pages of a machine, one for each size that its harts can map; the first is the default size,
/// 2 MiB.
public final class HugePagePools implements SuperpageKeeper {
    private static final int LEAST_LEVEL = 1;
    private static final int MOST_LEVEL = 2;

    private final List<HugePagePool> pools = new ArrayList<>();

    HugePagePools(FrameAllocator frames, PagingMode mode, Set<PagingFeature> features) {
        for (int level = LEAST_LEVEL; level <= MOST_LEVEL; level++) {
            if (level < MOST_LEVEL || hasLargest(mode, features)) {
                pools.add(new HugePagePool(frames, level));
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
        return shift == 0
                ? Optional.of(standard())
                : pools.stream()
                        .filter(pool -> pool.pageBytes() == 1L << shift)
                        .findFirst();
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
