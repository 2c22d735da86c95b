package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.RawTables;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;
import sharewalk.mmu.walk.WalkFault;
import sharewalk.mmu.walk.WalkMode;

/// Stores through entries that are not dirty yet.
final class DirtyUpdateTest extends MmuFixture {
    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void store_throughCleanEntryIsDirtyUpdateAndNoMiss(PagingMode paging) {
        use(paging, MachineProfile.DEFAULT);
        long frame = mapPage(PAGE, 0);
        long pteAddress = tables.entryAddress(root, PAGE, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isEqualTo(frame | Translation.RIGHT_READ);
        assertThat(tables.memory().read64(pteAddress) & tables.dirtyBit()).isZero();
        assertThat(mmu.translate(PAGE, AccessType.STORE)).isEqualTo(frame | RW);
        assertThat(tables.memory().read64(pteAddress) & tables.dirtyBit()).isNotZero();
        assertThat(counters.get(Counter.DIRTY_UPDATE)).isEqualTo(1);
        assertCounts(0, 1, 0, 1, 1, paging.levels());
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isEqualTo(frame | RW);
        assertThat(mmu.translate(PAGE, AccessType.STORE)).isEqualTo(frame | RW);
        assertThat(counters.get(Counter.DIRTY_UPDATE)).isEqualTo(1);
    }

    @Test
    void store_missingBothSetsDirtyInTheWalkAndIsNoDirtyUpdate() {
        long frame = mapPage(PAGE, 0);
        assertThat(mmu.translate(PAGE, AccessType.STORE)).isEqualTo(frame | RW);
        assertCounts(0, 0, 1, 1, 1, 3);
        assertThat(counters.get(Counter.DIRTY_UPDATE)).isZero();
    }

    @Test
    void store_hittingCleanL2EntryIsMissAndDirtyUpdate() {
        mmu = mmu(MachineProfile.DEFAULT.withL1d(TlbGeometry.parse("1x1:fifo")));
        mapPage(PAGE, 0);
        mapPage(PAGE + 0x1000, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertThat(mmu.translate(PAGE + 0x1000, AccessType.LOAD)).isPositive();
        assertThat(mmu.translate(PAGE, AccessType.STORE)).isPositive();
        assertThat(counters.get(Counter.DIRTY_UPDATE)).isEqualTo(1);
        assertThat(counters.get(Counter.L1D_STORE_MISS)).isEqualTo(1);
        assertThat(counters.get(Counter.L2_MISS)).isEqualTo(2);
        // The L2 entry has become dirty too: evict from the L1D and come back.
        assertThat(mmu.translate(PAGE + 0x1000, AccessType.LOAD)).isPositive();
        assertThat(mmu.translate(PAGE, AccessType.STORE)).isPositive();
        assertThat(counters.get(Counter.DIRTY_UPDATE)).isEqualTo(1);
    }

    @Test
    void dirtyUpdate_findingTheEntryGoneIsFaultAndTouchesNothing() {
        mapPage(PAGE, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        tables.put(root, PAGE, 0, 0);
        assertThat(Translation.fault(mmu.translate(PAGE, AccessType.STORE))).isEqualTo(WalkFault.NOT_PRESENT);
        assertThat(counters.get(Counter.DIRTY_UPDATE)).isZero();
        assertCounts(0, 1, 0, 1, 1, 3);
        // Loads still hit the stale entry, as on hardware.
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertCounts(0, 1, 0, 1, 1, 3);
    }

    @Test
    void dirtyUpdate_findingTheRightGoneIsProtectionFault() {
        long frame = mapPage(PAGE, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        tables.put(root, PAGE, 0, tables.entry(frame >>> 12, tables.leafBits(0) & ~tables.writeBit()));
        assertThat(Translation.fault(mmu.translate(PAGE, AccessType.STORE))).isEqualTo(WalkFault.PROTECTION);
        assertThat(counters.get(Counter.DIRTY_UPDATE)).isZero();
    }

    @Test
    void dirtyUpdate_findingAnotherFrameDropsTheEntryAndMisses() {
        mapPage(PAGE, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        long moved = mapPage(PAGE, 0);
        assertThat(mmu.peek(PAGE, AccessType.STORE)).isEqualTo(moved | RW);
        assertThat(mmu.translate(PAGE, AccessType.STORE)).isEqualTo(moved | RW);
        assertCounts(0, 1, 1, 2, 2, 6);
        assertThat(counters.get(Counter.DIRTY_UPDATE)).isZero();
    }

    @Test
    void dirtyUpdate_findingAnotherFrameDropsGlobalEntriesToo() {
        mapPage(PAGE, 0x20);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        long moved = mapPage(PAGE, 0x20);
        assertThat(mmu.translate(PAGE, AccessType.STORE)).isEqualTo(moved | RW);
        assertCounts(0, 1, 1, 2, 2, 6);
    }

    @Test
    void dirtyUpdate_findingAnotherSizeDropsBothSizes() {
        tables = new RawTables(PagingMode.SV39, 4 << 20);
        root = tables.newFrame();
        mmu = mmu(MachineProfile.DEFAULT.withWalkCache(PageWalkCacheGeometry.NONE));
        mapPage(PAGE, 0);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        long virtAddr = PAGE & -(1L << 21);
        tables.put(root, virtAddr, 1, tables.entry(512, tables.leafBits(1)));
        assertThat(mmu.translate(virtAddr + 0x5000, AccessType.LOAD)).isPositive();
        assertThat(mmu.sizeConflicts()).isEqualTo(2);
        assertThat(mmu.translate(PAGE, AccessType.STORE)).isEqualTo((513L << 12) | RW);
    }

    @Test
    void withoutHardwareUpdate_missingAccessedOrDirtyBitIsFault() {
        mmu.setMode(WalkMode.USER_MODE.without(WalkMode.HARDWARE_UPDATE));
        mapPage(PAGE, 0);
        assertThat(Translation.fault(mmu.translate(PAGE, AccessType.LOAD))).isEqualTo(WalkFault.PROTECTION);
        mapPage(PAGE, tables.accessedBit());
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        assertThat(Translation.fault(mmu.translate(PAGE, AccessType.STORE))).isEqualTo(WalkFault.PROTECTION);
    }
}
