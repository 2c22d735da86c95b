package sharewalk.support;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sharewalk.cpu.unicorn.AccessObserver;
import sharewalk.mmu.MachineProfile;
import sharewalk.mmu.Translation;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PageSize;
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

    private final NaiveLevel fetches;
    private final NaiveLevel data;
    private final NaiveLevel second;
    private final NaiveLevel secondOfFetches;
    private final Map<Counter, Long> counts = new EnumMap<>(Counter.class);

    public NaiveHart(MachineProfile profile, long seed, int hart) {
        fetches = new NaiveLevel(profile.l1i(), "l1i", seed, hart);
        data = new NaiveLevel(profile.l1d(), "l1d", seed, hart);
        second = new NaiveLevel(profile.l2(), "l2", seed, hart);
        TlbGeometry l2i = profile.tlbs().l2i();
        secondOfFetches = l2i == null ? second : new NaiveLevel(l2i, "l2i", seed, hart);
        COUNTED.forEach(counter -> counts.put(counter, 0L));
    }

    @Override
    public void accessed(int asid, long virtAddr, AccessType access, long keptPage, long translation, int pageShift) {
        NaiveLevel first = access == AccessType.FETCH ? fetches : data;
        NaiveLevel behind = access == AccessType.FETCH ? secondOfFetches : second;
        NaiveLevel.Place found = first.find(asid, virtAddr);
        NaiveLevel.Place foundBehind = behind.find(asid, virtAddr);
        if (translation < 0) {
            boolean isWalk = Translation.fault(translation) != WalkFault.NON_CANONICAL;
            if (found == null && foundBehind == null && isWalk) {
                countMiss(access);
                count(Counter.L2_MISS);
                count(Counter.WALK);
                count(Counter.FAULTING_WALK);
            }
            return;
        }
        boolean store = access == AccessType.STORE;
        if (found != null) {
            updateDirty(store && !found.isDirty(), found, foundBehind);
            found.use();
            return;
        }
        countMiss(access);
        boolean dirty = store || Translation.grants(translation, Translation.RIGHT_WRITE);
        PageSize size = PageSize.ofShift(pageShift);
        if (foundBehind != null) {
            dirty = foundBehind.isDirty();
            size = foundBehind.size();
            foundBehind.use();
        } else {
            count(Counter.L2_MISS);
            count(Counter.WALK);
            behind.fill(asid, virtAddr, size, pageShift, dirty, null);
        }
        first.fill(asid, virtAddr, size, pageShift, dirty, keptPage == NO_PAGE ? null : first.find(asid, keptPage));
        updateDirty(store && !dirty, first.find(asid, virtAddr), foundBehind);
    }

    private void updateDirty(boolean clean, NaiveLevel.@Nullable Place place, NaiveLevel.@Nullable Place placeBehind) {
        if (clean) {
            count(Counter.DIRTY_UPDATE);
            if (place != null) {
                place.makeDirty();
            }
            if (placeBehind != null) {
                placeBehind.makeDirty();
            }
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
        for (NaiveLevel level : levels()) {
            switch (scope) {
                case InvalidationScope.Page page -> level.drop(page.asid(), page.virtAddr(), page.virtAddr() + 1);
                case InvalidationScope.Range range -> level.drop(range.asid(), range.start(), range.end());
                case InvalidationScope.Asid asid -> level.dropAsid(asid.asid());
                case InvalidationScope.All _ -> level.dropAll();
            }
        }
    }

    @Override
    public void droppedAfterFault(int asid, long virtAddr) {
        levels().forEach(level -> level.drop(asid, virtAddr, virtAddr + 1));
    }

    private List<NaiveLevel> levels() {
        return List.of(fetches, data, second, secondOfFetches);
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
