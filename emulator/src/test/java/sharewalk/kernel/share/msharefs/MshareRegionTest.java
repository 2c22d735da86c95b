package sharewalk.kernel.share.msharefs;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.abi.Errno;
import sharewalk.abi.MmapFlags;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.AnonymousPages;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;

/// The rules of msharefs v3 that a region follows whoever maps it.
class MshareRegionTest extends RegionFixture {
    @Test
    void alignment_isWhatARootEntryTranslates() {
        assertThat(MshareRegion.alignment(PagingMode.X86_64_4LEVEL)).isEqualTo(549_755_813_888L);
        assertThat(MshareRegion.alignment(PagingMode.SV48)).isEqualTo(549_755_813_888L);
        assertThat(MshareRegion.alignment(PagingMode.SV39)).isEqualTo(1L << 30);
    }

    @Test
    void size_isSetOnce_inWholeSlots() {
        assertThat(region.setSize(PAGE)).isEqualTo(-EINVAL);
        assertThat(region.setSize(2 * slot)).isZero();
        assertThat(region.setSize(2 * slot)).isEqualTo(-EINVAL);
        assertThat(region.sizeBytes()).isEqualTo(2 * slot);
    }

    @Test
    void sizeZero_isAcceptedOnce_andUseless() {
        assertThat(region.setSize(0)).isZero();
        assertThat(region.setSize(slot)).isEqualTo(-EINVAL);
        assertThat(create(0, 1, RW, ANON)).isEqualTo(-EINVAL);
        assertThat(window(machine.process(), 0, RW, MAP_SHARED, slot)).isEqualTo(-EINVAL);
    }

    @Test
    void nothingWorks_beforeTheSizeIsSet() {
        assertThat(create(0, 1, RW, ANON)).isEqualTo(-EINVAL);
        assertThat(unmap(0, 1)).isEqualTo(-EINVAL);
        assertThat(window(machine.process(), 0, RW, MAP_SHARED, slot)).isEqualTo(-EINVAL);
    }

    @Test
    void createMapping_checksInOrder() {
        assertThat(region.setSize(slot)).isZero();
        assertThat(create(slot, 1, RW, ANON)).isEqualTo(-EINVAL);
        assertThat(create(-PAGE, 1, RW, ANON)).isEqualTo(-EINVAL);
        assertThat(create(0, 1, RW, MAP_SHARED | MAP_ANONYMOUS)).isEqualTo(-EINVAL);
        assertThat(create(0, 1, RW, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS)).isEqualTo(-EINVAL);
        assertThat(create(0, 1, RW, MAP_SHARED | MAP_FIXED)).isEqualTo(-Errno.EBADF);
        // A bad descriptor is seen before a range that is too long.
        assertThat(create(slot - PAGE, 2, RW, MAP_SHARED | MAP_FIXED)).isEqualTo(-Errno.EBADF);
        assertThat(create(slot - PAGE, 2, RW, ANON)).isEqualTo(-EINVAL);
        assertThat(create(0, 1, RW, ANON | MmapFlags.MAP_HUGETLB | 3 << 26)).isEqualTo(-EINVAL);
        assertThat(create(0, 1, RW, ANON | MmapFlags.MAP_HUGETLB)).isEqualTo(-Errno.ENOMEM);
        assertThat(create(slot - PAGE, 2, RW, ANON | MmapFlags.MAP_HUGETLB)).isEqualTo(-EINVAL);
        assertThat(create(0, 0, RW, ANON)).isEqualTo(-EINVAL);
        assertThat(create(1, 1, RW, ANON)).isEqualTo(-EINVAL);
        assertThat(create(0, 1, RW, MmapFlags.MAP_SHARED_VALIDATE | MAP_FIXED | MAP_ANONYMOUS))
                .isEqualTo(-EINVAL);
        assertThat(create(0, 1, RW, ANON)).isZero();
        assertThat(create(0, 1, RW, ANON | MmapFlags.MAP_FIXED_NOREPLACE)).isEqualTo(-Errno.EEXIST);
        assertThat(create(0, 1, RW, ANON)).isZero();
        assertThat(create(slot - PAGE, 1, RW, ANON)).isZero();
    }

    @Test
    void createMapping_takesFiles_butNoRegions() {
        initialize(1, 1);
        AnonymousPages file =
                new AnonymousPages(machine.frames, machine.context.hugeMemory(), machine.context.current(), 4 * PAGE);
        MshareRegion other = MshareRegion.create(machine.context, "/other", Rules.POSTED);
        int flags = MAP_SHARED | MAP_FIXED;
        assertThat(createFrom(file, true, 0, flags | MmapFlags.MAP_HUGETLB)).isEqualTo(-EINVAL);
        assertThat(createFrom(other.window(), true, 0, flags)).isEqualTo(-EINVAL);
        assertThat(createFrom(file, false, 0, flags)).isEqualTo(-Errno.EACCES);
        assertThat(createFrom(file, true, PAGE + 123, flags)).isZero();
        AddressSpace space = sharer(slot);
        assertThat(machine.store(space, slot, 6)).isZero();
        assertThat(file.isResident(1)).isTrue();
        assertThat(file.isResident(0)).isFalse();
    }

    @Test
    void populate_isThrownAway() {
        assertThat(region.setSize(slot)).isZero();
        assertThat(create(0, 8, RW, ANON | MmapFlags.MAP_POPULATE)).isZero();
        assertThat(machine.count(Counter.MINOR_FAULT)).isZero();
        assertThat(machine.context.gauges().shared().current()).isZero();
    }

    @Test
    void unmap_checksItsRange_andPassesOverHoles() {
        initialize(1, 4);
        assertThat(unmap(slot, 1)).isEqualTo(-EINVAL);
        assertThat(unmap(slot - PAGE, 2)).isEqualTo(-EINVAL);
        assertThat(unmap(0, slot / PAGE + 1)).isEqualTo(-EINVAL);
        assertThat(unmap(0, 0)).isEqualTo(-EINVAL);
        assertThat(region.unmap(new UnmapRequest(1, PAGE))).isEqualTo(-EINVAL);
        assertThat(unmap(PAGE, 1)).isZero();
        assertThat(unmap(0, slot / PAGE)).isZero();
    }

    @Test
    void regionSideChanges_flushEverythingEverywhere() {
        initialize(1, 4);
        AddressSpace space = sharer(slot);
        assertThat(machine.store(space, slot, 1)).isZero();
        machine.restartCounting();
        assertThat(unmap(0, 1)).isZero();
        assertThat(machine.count(Counter.FULL_FLUSH)).isEqualTo(2);
        assertThat(machine.count(Counter.SHOOTDOWN)).isEqualTo(1);
        assertThat(machine.count(Counter.IPI)).isEqualTo(1);
        assertThat(machine.count(Counter.INVALIDATION)).isZero();
        assertThat(machine.harts.get(1).takeOrders()).containsExactly(new InvalidationScope.All());
        assertThat(machine.load(space, slot)).isEqualTo(-SIGSEGV);
    }

    @Test
    void emptiedTable_staysWithItsSharers_whoSeeWhatComesNext() {
        initialize(1, 1);
        AddressSpace space = sharer(slot);
        assertThat(machine.store(space, slot, 1)).isZero();
        assertThat(unmap(0, 1)).isZero();
        assertThat(machine.context.gauges().shared().current()).isEqualTo(PAGE);
        machine.restartCounting();
        assertThat(create(0, 1, RW, ANON)).isZero();
        assertThat(machine.load(space, slot)).isZero();
        assertThat(machine.count(Counter.LINK_FAULT)).isZero();
        assertThat(space.unmap(slot, slot)).isZero();
        assertThat(unmap(0, 1)).isZero();
        assertThat(machine.context.gauges().shared().current()).isZero();
    }

    @Test
    void ownersExit_unmapsTheRegion_forEverybody() {
        initialize(1, 1);
        AddressSpace space = sharer(slot);
        assertThat(machine.store(space, slot, 5)).isZero();
        region.ownerExited();
        assertThat(machine.load(space, slot)).isEqualTo(-SIGSEGV);
        assertThat(window(machine.process(), slot, RW, MAP_SHARED | MAP_FIXED)).isEqualTo(-EINVAL);
        assertThat(region.sizeBytes()).isEqualTo(slot);
        // The ioctls ask for no owner.
        assertThat(create(0, 1, RW, ANON)).isZero();
        assertThat(machine.load(space, slot)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void everyFrameComesBack(PagingMode mode) {
        use(mode);
        // The region's root is there already.
        long before = machine.frames.usedFrames() - 1;
        initialize(2, 30);
        assertThat(create(slot, 3, RW, ANON)).isZero();
        AddressSpace first = sharer(slot);
        AddressSpace second = sharer(4 * slot);
        for (long page = 0; page < 30; page++) {
            assertThat(machine.store(first, slot + page * PAGE, 1)).isZero();
        }
        assertThat(machine.store(second, 5 * slot, 1)).isZero();
        first.release();
        assertThat(unmap(0, 10)).isZero();
        second.release();
        region.discard();
        machine.requireRedeemed();
        assertThat(machine.frames.usedFrames()).isEqualTo(before);
        assertThat(machine.context.gauges().total().current()).isZero();
    }
}
