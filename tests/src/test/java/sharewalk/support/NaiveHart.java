package sharewalk.support;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import sharewalk.cpu.unicorn.AccessObserver;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.Translation;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PageSize;
import sharewalk.mmu.tlb.TlbArrayGeometry;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.WalkFault;

/// A hart's TLBs as naive ones, fed with the access stream of exhaustive mode; it counts for itself.
public final class NaiveHart implements AccessObserver {
    /// The counters it knows.
    public static final List<Counter> COUNTED = List.of(
            Counter.L1I_MISS,
            Counter.L1D_LOAD_MISS,
            Counter.L1D_STORE_MISS,
            Counter.L2_MISS,
            Counter.WALK,
            Counter.FAULTING_WALK,
            Counter.DIRTY_UPDATE);

    private static final long NO_KEY = -2;
    private static final int PAGE_SHIFT = 12;
    private static final int ASID_SHIFT = 44;
    private static final long PAGE_MASK = (1L << ASID_SHIFT) - 1;

    private final NaiveTlb fetches;
    private final NaiveTlb data;
    private final NaiveTlb second;
    private final Map<Counter, Long> counts = new EnumMap<>(Counter.class);

    public NaiveHart(MachineProfile profile, long seed, int hart) {
        fetches = tlb(profile.l1i(), NaiveTlb.seed(seed, hart, "l1i"));
        data = tlb(profile.l1d(), NaiveTlb.seed(seed, hart, "l1d"));
        second = tlb(profile.l2(), NaiveTlb.seed(seed, hart, "l2"));
        COUNTED.forEach(counter -> counts.put(counter, 0L));
    }

    private static NaiveTlb tlb(TlbGeometry geometry, long seed) {
        TlbArrayGeometry array = geometry.arrayFor(PageSize.KIB_4);
        return new NaiveTlb(array.sets(), array.ways(), array.policy().toString(), seed);
    }

    @Override
    public void accessed(int asid, long virtAddr, AccessType access, long keptPage, long translation) {
        NaiveTlb first = access == AccessType.FETCH ? fetches : data;
        long page = virtAddr >>> PAGE_SHIFT;
        long key = key(asid, page);
        int way = first.find(page, key);
        int secondWay = second.find(page, key);
        if (translation < 0) {
            boolean walked = way < 0 && secondWay < 0 && Translation.fault(translation) != WalkFault.NON_CANONICAL;
            if (walked) {
                countMiss(access);
                count(Counter.L2_MISS);
                count(Counter.WALK);
                count(Counter.FAULTING_WALK);
            }
            return;
        }
        boolean store = access == AccessType.STORE;
        boolean dirtyInTable = store || Translation.grants(translation, Translation.RIGHT_WRITE);
        if (way >= 0) {
            updateDirty(store && !first.isDirty(page, way), page, key);
            first.use(page, way);
            return;
        }
        countMiss(access);
        boolean dirty = dirtyInTable;
        if (secondWay >= 0) {
            dirty = second.isDirty(page, secondWay);
            second.use(page, secondWay);
        } else {
            count(Counter.L2_MISS);
            count(Counter.WALK);
            second.fill(page, key, dirtyInTable, NO_KEY);
        }
        first.fill(page, key, dirty, keptPage == NO_PAGE ? NO_KEY : key(asid, keptPage >>> PAGE_SHIFT));
        updateDirty(store && !dirty, page, key);
    }

    private void updateDirty(boolean clean, long page, long key) {
        if (clean) {
            count(Counter.DIRTY_UPDATE);
            data.makeDirty(page, key);
            second.makeDirty(page, key);
        }
    }

    private void count(Counter counter) {
        counts.merge(counter, 1L, Long::sum);
    }

    private void countMiss(AccessType access) {
        switch (access) {
            case FETCH -> count(Counter.L1I_MISS);
            case LOAD -> count(Counter.L1D_LOAD_MISS);
            case STORE -> count(Counter.L1D_STORE_MISS);
        }
    }

    @Override
    public void invalidated(InvalidationScope scope) {
        switch (scope) {
            case InvalidationScope.Page page -> drop(page.asid(), page.virtAddr(), page.virtAddr() + 1);
            case InvalidationScope.Range range -> drop(range.asid(), range.start(), range.end());
            case InvalidationScope.Asid asid -> drop(asid.asid(), 0, PAGE_MASK << PAGE_SHIFT);
            case InvalidationScope.All _ -> {
                fetches.drop(_ -> true);
                data.drop(_ -> true);
                second.drop(_ -> true);
            }
        }
    }

    @Override
    public void droppedAfterFault(int asid, long virtAddr) {
        drop(asid, virtAddr, virtAddr + 1);
    }

    private void drop(int asid, long start, long end) {
        long firstPage = start >>> PAGE_SHIFT;
        long lastPage = (end - 1) >>> PAGE_SHIFT;
        for (NaiveTlb tlb : new NaiveTlb[] {fetches, data, second}) {
            tlb.drop(key ->
                    key >>> ASID_SHIFT == asid && (key & PAGE_MASK) >= firstPage && (key & PAGE_MASK) <= lastPage);
        }
    }

    private static long key(int asid, long page) {
        return (long) asid << ASID_SHIFT | (page & PAGE_MASK);
    }

    /// Returns what several harts counted together, by the counters of the report.
    public static Map<Counter, Long> sum(List<NaiveHart> harts) {
        Map<Counter, Long> sum = new EnumMap<>(Counter.class);
        for (NaiveHart hart : harts) {
            hart.counts.forEach((counter, count) -> sum.merge(counter, count, Long::sum));
        }
        return sum;
    }
}
