package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.RawTables;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.WalkFault;

final class MmuTest extends MmuFixture {
    /// The README's "Following one address: the hart", on both ISAs.
    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void followingOneAddress(PagingMode paging) {
        use(paging, MachineProfile.DEFAULT);
        long frame = mapPage(PAGE, 0);
        mapPage(PAGE + 0x1000, 0);
        int levels = paging.levels();
        assertThat(mmu.translate(PAGE + 8, AccessType.LOAD)).isEqualTo(frame | Translation.RIGHT_READ);
        assertCounts(0, 1, 0, 1, 1, levels);
        assertThat(mmu.translate(PAGE + 0x1000, AccessType.LOAD)).isPositive();
        assertCounts(0, 2, 0, 2, 2, levels + 1);
        assertThat(mmu.translate(PAGE, AccessType.STORE)).isEqualTo(frame | RW);
        assertThat(counters.get(Counter.DIRTY_UPDATE)).isEqualTo(1);
        mmu.invalidate(new InvalidationScope.Page(7, PAGE, false), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertCounts(0, 3, 0, 3, 3, levels + 1 + (tables.isX86() ? levels : 1));
    }

    @Test
    void load_walksOnceThenHits() {
        long frame = mapPage(PAGE, 0);
        long expected = frame | Translation.RIGHT_READ;
        assertThat(mmu.translate(PAGE + 8, AccessType.LOAD)).isEqualTo(expected);
        assertCounts(0, 1, 0, 1, 1, 3);
        assertThat(mmu.translate(PAGE + 16, AccessType.LOAD)).isEqualTo(expected);
        assertCounts(0, 1, 0, 1, 1, 3);
        assertThat(mmu.lastWalk().physAddr()).isEqualTo(frame + 8);
    }

    @Test
    void load_ofPageDirtyInItsEntryMayAlsoStore() {
        long frame = mapPage(PAGE, tables.dirtyBit());
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isEqualTo(frame | RW);
    }

    @Test
    void load_ofDirtyPageWithoutWriteRightMayNotStore() {
        long pfn = tables.newFrame();
        long bits = (tables.leafBits(0) | tables.dirtyBit()) & ~tables.writeBit();
        tables.put(root, PAGE, 0, tables.entry(pfn, bits));
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isEqualTo(pfn << 12 | Translation.RIGHT_READ);
    }

    @Test
    void fetch_missesInL1iAndHitsWhatDataBroughtIntoL2() {
        long frame = mapPage(PAGE, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertThat(mmu.translate(PAGE, AccessType.FETCH)).isEqualTo(frame | Translation.RIGHT_EXECUTE);
        assertCounts(1, 1, 0, 1, 1, 3);
    }

    @Test
    void faultInWalk_isCountedAndFillsNothing() {
        assertThat(Translation.fault(mmu.translate(PAGE, AccessType.LOAD))).isEqualTo(WalkFault.NOT_PRESENT);
        assertCounts(0, 1, 0, 1, 1, 1);
        assertThat(counters.get(Counter.FAULTING_WALK)).isEqualTo(1);
        mapPage(PAGE, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertCounts(0, 2, 0, 2, 2, 4);
    }

    @Test
    void faultOnEntry_leavesNoTrace() {
        long pfn = tables.newFrame();
        tables.put(root, PAGE, 0, tables.entry(pfn, tables.leafBits(0) & ~tables.writeBit()));
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        var before = counters.snapshot();
        assertThat(Translation.fault(mmu.translate(PAGE, AccessType.STORE))).isEqualTo(WalkFault.PROTECTION);
        assertThat(counters.snapshot()).isEqualTo(before);
    }

    @Test
    void faultOnL2Entry_leavesNoTrace() {
        long pfn = tables.newFrame();
        tables.put(root, PAGE, 0, tables.entry(pfn, tables.leafBits(0) & ~0x8));
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        var before = counters.snapshot();
        assertThat(Translation.fault(mmu.translate(PAGE, AccessType.FETCH))).isEqualTo(WalkFault.PROTECTION);
        assertThat(counters.snapshot()).isEqualTo(before);
    }

    @Test
    void nonCanonical_faultsBeforeAnythingIsLookedUp() {
        assertThat(Translation.fault(mmu.translate(1L << 38, AccessType.LOAD))).isEqualTo(WalkFault.NON_CANONICAL);
        assertThat(Translation.fault(mmu.translate(1L << 63 | PAGE, AccessType.LOAD)))
                .isEqualTo(WalkFault.NON_CANONICAL);
        assertCounts(0, 0, 0, 0, 0, 0);
    }

    @Test
    void switchingRoots_keepsEntriesOfOtherAddressSpaces() {
        long frame = mapPage(PAGE, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        mmu.setRoot(tables.newFrame(), 8);
        assertThat(Translation.fault(mmu.translate(PAGE, AccessType.LOAD))).isEqualTo(WalkFault.NOT_PRESENT);
        mmu.setRoot(root, 7);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isEqualTo(frame | Translation.RIGHT_READ);
        assertCounts(0, 2, 0, 2, 2, 4);
    }

    @Test
    void invalidate_reachesEveryTlbAndOnlyItsAddressSpace() {
        mapPage(PAGE, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertThat(mmu.translate(PAGE, AccessType.FETCH)).isPositive();
        mmu.invalidate(new InvalidationScope.Page(8, PAGE, false), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertCounts(1, 1, 0, 1, 1, 3);
        mmu.invalidate(new InvalidationScope.Page(7, PAGE, false), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE, AccessType.FETCH)).isPositive();
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertCounts(2, 2, 0, 2, 2, 6);
        mmu.invalidate(new InvalidationScope.Range(7, PAGE - 0x8000, PAGE + 0x80_0000, false), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        mmu.invalidate(new InvalidationScope.Asid(7), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        mmu.invalidate(new InvalidationScope.All(), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertCounts(2, 5, 0, 5, 5, 15);
    }

    @Test
    void globalEntry_servesEveryAddressSpaceAndOnlyAllDropsIt() {
        mapPage(PAGE, 0x20);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        mmu.setRoot(root, 9);
        mmu.invalidate(new InvalidationScope.Asid(9), FlushCause.OTHER);
        mmu.invalidate(new InvalidationScope.Page(9, PAGE, true), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertCounts(0, 1, 0, 1, 1, 3);
        mmu.invalidate(new InvalidationScope.All(), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertCounts(0, 2, 0, 2, 2, 6);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void superpage_isOneEntryAndAnswersPerPage(PagingMode paging) {
        use(paging, MachineProfile.DEFAULT);
        long virtAddr = 0x20_0000_0000L;
        tables = new RawTables(paging, 4 << 20);
        root = tables.newFrame();
        tables.put(root, virtAddr, 1, tables.entry(512, tables.leafBits(1) | tables.dirtyBit()));
        mmu = mmu(MachineProfile.DEFAULT);
        assertThat(mmu.translate(virtAddr + 0x5123, AccessType.LOAD)).isEqualTo((517L << 12) | RW);
        assertThat(mmu.translate(virtAddr + 0x1F_F000, AccessType.LOAD)).isEqualTo((1023L << 12) | RW);
        assertCounts(0, 1, 0, 1, 1, paging.levels() - 1);
        mmu.invalidate(new InvalidationScope.Page(7, virtAddr + 0x3000, false), FlushCause.OTHER);
        assertThat(mmu.translate(virtAddr, AccessType.LOAD)).isEqualTo((512L << 12) | RW);
        assertThat(counters.get(Counter.L1D_LOAD_MISS)).isEqualTo(2);
    }

    @Test
    void walkCache_shortensWalksUntilTablesAreInvalidated() {
        mmu = mmu(MachineProfile.DEFAULT);
        for (int i = 0; i < 8; i++) {
            mapPage(PAGE + i * 0x1000L, 0);
        }
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertThat(mmu.translate(PAGE + 0x1000, AccessType.LOAD)).isPositive();
        assertCounts(0, 2, 0, 2, 2, 4);
        mmu.invalidate(new InvalidationScope.Page(7, PAGE, false), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE + 0x2000, AccessType.LOAD)).isPositive();
        assertThat(counters.get(Counter.WALK_STEP)).isEqualTo(5);
        mmu.invalidate(new InvalidationScope.Page(7, PAGE, true), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE + 0x3000, AccessType.LOAD)).isPositive();
        assertThat(counters.get(Counter.WALK_STEP)).isEqualTo(8);
        mmu.invalidate(new InvalidationScope.Asid(8), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE + 0x4000, AccessType.LOAD)).isPositive();
        assertThat(counters.get(Counter.WALK_STEP)).isEqualTo(9);
        mmu.invalidate(new InvalidationScope.Asid(7), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE + 0x5000, AccessType.LOAD)).isPositive();
        assertThat(counters.get(Counter.WALK_STEP)).isEqualTo(12);
    }

    @Test
    void walkCacheOfX86_isDroppedWholeByAnyPageInvalidation() {
        use(PagingMode.X86_64_4LEVEL, MachineProfile.DEFAULT);
        mapPage(PAGE, 0);
        mapPage(PAGE + 0x1000, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        mmu.invalidate(new InvalidationScope.Page(7, 0x1000, false), FlushCause.OTHER);
        assertThat(mmu.translate(PAGE + 0x1000, AccessType.LOAD)).isPositive();
        assertCounts(0, 2, 0, 2, 2, 8);
    }

    @Test
    void walkCacheOfX86_keepsTheRightsOfTheLevelsAbove() {
        use(PagingMode.X86_64_4LEVEL, MachineProfile.DEFAULT);
        mapPage(PAGE, 0);
        mapPage(PAGE + 0x1000, 0);
        long top = tables.entryAddress(root, PAGE, 3);
        tables.memory().write64(top, tables.memory().read64(top) & ~tables.writeBit());
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertThat(Translation.fault(mmu.translate(PAGE + 0x1000, AccessType.STORE)))
                .isEqualTo(WalkFault.PROTECTION);
        assertCounts(0, 1, 1, 2, 2, 5);
    }

    @Test
    void dropAfterFault_dropsTheAddressAndItsTablesOnly() {
        use(PagingMode.X86_64_4LEVEL, MachineProfile.DEFAULT);
        long far = PAGE + (1L << 21);
        mapPage(PAGE, 0);
        mapPage(far, 0);
        mapPage(far + 0x1000, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertThat(mmu.translate(far, AccessType.LOAD)).isPositive();
        assertCounts(0, 2, 0, 2, 2, 6);
        mmu.dropAfterFault(PAGE);
        assertThat(mmu.translate(far + 0x1000, AccessType.LOAD)).isPositive();
        assertCounts(0, 3, 0, 3, 3, 7);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertCounts(0, 4, 0, 4, 4, 11);
    }

    @Test
    void pinnedPage_isNotTheVictim() {
        mmu = mmu(MachineProfile.DEFAULT.withL1d(TlbGeometry.parse("1x2:fifo")));
        for (int i = 0; i < 3; i++) {
            mapPage(PAGE + i * 0x1000L, 0);
            assertThat(mmu.isNextVictim(PAGE + i * 0x1000L, PAGE)).isEqualTo(i == 2);
            assertThat(mmu.isNextVictim(PAGE + i * 0x1000L, PAGE + 0x1000)).isFalse();
            if (i < 2) {
                assertThat(mmu.translate(PAGE + i * 0x1000L, AccessType.LOAD)).isPositive();
            }
        }
        assertThat(mmu.translatePinned(PAGE + 0x2000, AccessType.LOAD, PAGE)).isPositive();
        long misses = counters.get(Counter.L1D_LOAD_MISS);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertThat(counters.get(Counter.L1D_LOAD_MISS)).isEqualTo(misses);
    }

    @Test
    void observer_isShownEveryCountedWalk() {
        mapPage(PAGE, 0);
        StringBuilder seen = new StringBuilder();
        mmu.observe((hart, virtAddr, access, walk) ->
                seen.append("%d %x %s %d %s;".formatted(hart, virtAddr, access, walk.steps(), walk.fault())));
        assertThat(mmu.translate(PAGE + 4, AccessType.LOAD)).isPositive();
        assertThat(mmu.translate(PAGE + 4, AccessType.STORE)).isPositive();
        assertThat(mmu.translate(0, AccessType.FETCH)).isNegative();
        assertThat(seen).hasToString("0 2000001004 LOAD 3 NONE;0 0 FETCH 1 NOT_PRESENT;");
    }

    @Test
    void asid_mustFitTheMachine() {
        assertThatThrownBy(() -> mmu.setRoot(root, 1 << 16)).isInstanceOf(IllegalArgumentException.class);
    }
}
