package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.cause.FlushShadow;
import sharewalk.mmu.count.CounterSnapshot;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.count.MissCause;
import sharewalk.mmu.count.MissFigure;
import sharewalk.mmu.count.MissTotals;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.RawTables;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;

/// Every miss has one cause, and a flush is charged with what it has really caused.
final class MissCausesTest extends MmuFixture {
    private static final InvalidationScope WHOLE = new InvalidationScope.Asid(7);
    private static final InvalidationScope FIRST = new InvalidationScope.Page(7, PAGE, false);

    private void explain(String l1d, String l2) {
        explain(l1d, l2, "none");
    }

    private void explain(String l1d, String l2, String walkCache) {
        MachineProfile profile = MachineProfile.DEFAULT
                .withL1d(TlbGeometry.parse(l1d))
                .withL2(TlbGeometry.parse(l2))
                .withWalkCache(PageWalkCacheGeometry.parse(walkCache));
        mmu = mmu(profile);
        mmu.explainMisses(new FlushShadow(
                new FlushShadow.Hardware(profile.tlbs(), profile.walker(), tables.paging(), tables.memory(), true),
                new HartSeed(1, 0),
                QuietPageListener.NONE,
                QuietPageListener.NONE));
    }

    private void load(int page) {
        assertThat(mmu.translate(PAGE + page * 4096L, AccessType.LOAD)).isNotNegative();
    }

    private void map(int pages) {
        for (int page = 0; page < pages; page++) {
            mapPage(PAGE + page * 4096L, 0);
        }
    }

    private long misses(MissCause cause, MissFigure figure) {
        return totals().get(cause, figure);
    }

    private MissTotals totals() {
        return Objects.requireNonNull(counters.snapshot().misses());
    }

    @Test
    void pageDroppedByAFlushIsChargedToIt() {
        explain("4x2:lru", "8x4:lru");
        map(4);
        load(0);
        load(1);
        mmu.invalidate(WHOLE, FlushCause.MPROTECT);
        load(1);

        assertThat(misses(MissCause.COLD, MissFigure.L1D_MISSES)).isEqualTo(2);
        assertThat(misses(MissCause.MPROTECT, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.MPROTECT, MissFigure.L2_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.MPROTECT, MissFigure.WALK_STEPS)).isEqualTo(3);
        assertThat(totals().flushes(FlushCause.MPROTECT)).isEqualTo(1);
        assertThat(totals().dropped(FlushCause.MPROTECT)).isEqualTo(4);
    }

    @Test
    void pageThatWouldHaveMadeRoomAnywayIsNotChargedToAFlush() {
        explain("1x2:lru", "1x2:lru");
        map(4);
        load(0);
        mmu.invalidate(WHOLE, FlushCause.MPROTECT);
        load(1);
        load(2);
        load(3);
        load(0);

        assertThat(misses(MissCause.CAPACITY, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.MPROTECT, MissFigure.L1D_MISSES)).isZero();
    }

    @Test
    void missWithOneSetInTheWayIsAConflict() {
        explain("2x1:lru", "2x1:lru");
        map(3);
        load(0);
        load(2);
        load(0);

        assertThat(misses(MissCause.CONFLICT, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.CONFLICT, MissFigure.L2_MISSES)).isEqualTo(1);
    }

    @Test
    void twoCausesForOneMissAreNotTakenForEither() {
        explain("4x2:lru", "8x4:lru");
        map(1);
        load(0);
        mmu.invalidate(WHOLE, FlushCause.MPROTECT);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        load(0);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        load(0);

        assertThat(misses(MissCause.SEVERAL, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.MUNMAP, MissFigure.L1D_MISSES)).isEqualTo(1);
    }

    /// Each of 50 times, the second level misses once for each of two flushes, and never for both.
    @Test
    void hitOfTheFirstLevelClearsTheMarkOfTheSecond() {
        explain("1x4:lru", "1x8:lru");
        map(5);
        for (int i = 0; i < 50; i++) {
            for (int page = 0; page < 5; page++) {
                load(page);
            }
            load(0);
            mmu.invalidate(FIRST, FlushCause.MPROTECT);
            load(0);
            for (int page = 1; page < 5; page++) {
                load(page);
            }
            mmu.invalidate(FIRST, FlushCause.MUNMAP);
            load(0);
        }

        assertThat(misses(MissCause.MPROTECT, MissFigure.L2_MISSES)).isEqualTo(50);
        assertThat(misses(MissCause.MUNMAP, MissFigure.L2_MISSES)).isEqualTo(50);
        assertThat(misses(MissCause.SEVERAL, MissFigure.L2_MISSES)).isZero();
    }

    @Test
    void stepsAreChargedToTheFlushThatHasDroppedTheirTables() {
        explain("4x2:lru", "8x4:lru", "8/8");
        map(3);
        load(0);
        mmu.invalidate(WHOLE, FlushCause.MPROTECT);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        load(1);
        load(2);

        assertThat(misses(MissCause.MPROTECT, MissFigure.WALK_STEPS)).isEqualTo(2);
        assertThat(misses(MissCause.MUNMAP, MissFigure.WALK_STEPS)).isZero();
        assertThat(misses(MissCause.COLD, MissFigure.WALK_STEPS)).isEqualTo(5);
    }

    @Test
    void stepsThatTwoFlushesHaveLedTo_areNotTakenForEither() {
        explain("4x2:lru", "8x4:lru", "8/8");
        for (int page : new int[] {0, 1, 512, 513, 514}) {
            mapPage(PAGE + page * 4096L, 0);
        }
        load(0);
        load(512);
        mmu.invalidate(WHOLE, FlushCause.MPROTECT);
        load(513);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        load(1);
        load(514);

        assertThat(misses(MissCause.MPROTECT, MissFigure.WALK_STEPS)).isEqualTo(2);
        assertThat(misses(MissCause.SEVERAL, MissFigure.WALK_STEPS)).isEqualTo(2);
        assertThat(misses(MissCause.MUNMAP, MissFigure.WALK_STEPS)).isEqualTo(1);
    }

    @Test
    void pieceOfAPageIsColdUntilItIsHeld() {
        tables = new RawTables(PagingMode.SV39, 8 << 20);
        root = tables.newFrame();
        explain("1x128:lru@4K", "8x4:lru");
        long start = 0x4000_0000L;
        tables.put(root, start, 1, tables.entry(512, tables.leafBits(1)));
        for (int i = 0; i < 32; i++) {
            assertThat(mmu.translate(start + i * 4096L, AccessType.LOAD)).isNotNegative();
        }

        assertThat(misses(MissCause.COLD, MissFigure.L1D_MISSES)).isEqualTo(32);
        assertThat(totals().counted(MissFigure.L1D_MISSES)).isEqualTo(32);
    }

    @Test
    void flushOfAPageThatHasChangedWasNeeded() {
        explain("4x2:lru", "8x4:lru");
        map(2);
        load(0);
        load(1);
        mapPage(PAGE, 0);
        mmu.invalidate(WHOLE, FlushCause.MADVISE);
        load(0);
        load(1);

        assertThat(misses(MissCause.CHANGED, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(misses(MissCause.MADVISE, MissFigure.L1D_MISSES)).isEqualTo(1);
    }

    @Test
    void walkWithoutTranslationIsNoFlushsFault() {
        explain("4x2:lru", "8x4:lru");
        map(1);
        load(0);
        tables.put(root, PAGE, 0, 0);
        mmu.invalidate(WHOLE, FlushCause.MUNMAP);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isNegative();

        assertThat(misses(MissCause.UNTRANSLATED, MissFigure.L1D_MISSES)).isEqualTo(1);
        assertThat(totals().unflushed(MissFigure.L1D_MISSES)).isEqualTo(2);
    }

    @Test
    void givingAnIdToAnotherSpaceIsAFlushLikeAnyOther() {
        explain("4x2:lru", "8x4:lru");
        map(1);
        long first = root;
        root = tables.newFrame();
        map(1);
        for (int i = 0; i < 4; i++) {
            mmu.invalidate(WHOLE, FlushCause.CONTEXT_SWITCH);
            mmu.setSpace(new sharewalk.mmu.paging.AddressSpaceRegister(
                    i % 2 == 0 ? first : root, 7, 100 + i % 2, sharewalk.mmu.paging.DomainRanges.NONE));
            load(0);
        }

        assertThat(misses(MissCause.COLD, MissFigure.L2_MISSES)).isEqualTo(2);
        assertThat(misses(MissCause.CONTEXT_SWITCH, MissFigure.L2_MISSES)).isEqualTo(2);
    }

    @Test
    void cyclicSweepOverMorePagesThanFitChargesNothing() {
        for (String policy : List.of("lru", "fifo")) {
            explain("4x4:" + policy, "8x4:" + policy);
            map(100);
            CounterSnapshot before = counters.snapshot();
            for (int round = 0; round < 20; round++) {
                for (int page = 0; page < 100; page++) {
                    load(page);
                }
                mmu.invalidate(WHOLE, FlushCause.MPROTECT);
            }
            MissTotals during =
                    Objects.requireNonNull(counters.snapshot().minus(before).misses());
            assertThat(during.counted(MissFigure.L1D_MISSES)).isEqualTo(2000);
            assertThat(during.counted(MissFigure.L2_MISSES)).isEqualTo(2000);
            assertThat(during.get(MissCause.MPROTECT, MissFigure.L1D_MISSES)).isZero();
            assertThat(during.get(MissCause.MPROTECT, MissFigure.L2_MISSES)).isZero();
            assertThat(during.get(MissCause.MPROTECT, MissFigure.WALK_STEPS)).isZero();
        }
    }
}
