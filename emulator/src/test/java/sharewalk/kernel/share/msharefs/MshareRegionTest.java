package sharewalk.kernel.share.msharefs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_ANONYMOUS;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_NONE;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MremapFlags.MREMAP_FIXED;
import static sharewalk.abi.MremapFlags.MREMAP_MAYMOVE;
import static sharewalk.abi.Signals.SEGV_ACCERR;
import static sharewalk.abi.Signals.SEGV_MAPERR;
import static sharewalk.abi.Signals.SIGBUS;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.abi.Errno;
import sharewalk.abi.MmapFlags;
import sharewalk.kernel.mm.AddressSpace;
import sharewalk.kernel.mm.AnonymousPages;
import sharewalk.kernel.mm.FaultOutcome;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.MapSource;
import sharewalk.kernel.mm.RemapRequest;
import sharewalk.kernel.mm.TestMachine;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;

/// The rules of facts/mshare.md, section 1, as far as a region without its file shows them.
class MshareRegionTest {
    private static final int ANON = MAP_SHARED | MAP_FIXED | MAP_ANONYMOUS;

    private TestMachine machine = TestMachine.of(PagingMode.X86_64_4LEVEL);
    private MshareRegion region = MshareRegion.create(machine.context, "/region");
    private long slot = region.alignment();

    private void use(PagingMode mode) {
        machine = TestMachine.of(mode);
        region = MshareRegion.create(machine.context, "/region");
        slot = region.alignment();
    }

    private long create(long offset, long pages, int prot, int flags) {
        return region.createMapping(new CreateRequest(offset, pages * PAGE, 0, prot, flags, -1), null);
    }

    private long unmap(long offset, long pages) {
        return region.unmap(new UnmapRequest(offset, pages * PAGE));
    }

    private long window(AddressSpace space, long virtAddr, int prot, int flags) {
        return window(space, virtAddr, prot, flags, region.sizeBytes());
    }

    private long window(AddressSpace space, long virtAddr, int prot, int flags, long sizeBytes) {
        FileToMap file = new FileToMap(true, true, true, region.window());
        return space.map(new MapRequest(virtAddr, sizeBytes, prot, flags, file, 0));
    }

    /// Returns a process with the whole region at a place of its own choice.
    private AddressSpace sharer(long virtAddr) {
        AddressSpace space = machine.process();
        assertThat(window(space, virtAddr, RW, MAP_SHARED | MAP_FIXED)).isEqualTo(virtAddr);
        return space;
    }

    private void initialize(long slots, long pages) {
        assertThat(region.setSize(slots * slot)).isZero();
        assertThat(create(0, pages, RW, ANON)).isZero();
    }

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

    private long createFrom(@Nullable MapSource source, boolean writable, long offset, int flags) {
        CreateRequest request = new CreateRequest(0, PAGE, offset, RW, flags, 3);
        return region.createMapping(request, new FileToMap(true, writable, true, source));
    }

    @Test
    void createMapping_takesFiles_butNoRegions() {
        initialize(1, 1);
        AnonymousPages file = new AnonymousPages(machine.frames, 4 * PAGE);
        MshareRegion other = MshareRegion.create(machine.context, "/other");
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
    void mmap_checksInOrder_andAligns() {
        initialize(1, 1);
        AddressSpace space = machine.process();
        assertThat(window(space, 0, RW, MAP_PRIVATE)).isEqualTo(-EINVAL);
        assertThat(window(space, 0, RW, MAP_SHARED, slot - PAGE)).isEqualTo(-EINVAL);
        assertThat(window(space, slot + PAGE, RW, MAP_SHARED | MAP_FIXED)).isEqualTo(-EINVAL);
        assertThat(window(space, 3 * slot - PAGE, RW, MAP_SHARED)).isEqualTo(3 * slot);
        long second = window(space, 3 * slot, RW, MmapFlags.MAP_SHARED_VALIDATE);
        assertThat(second).isPositive().isNotEqualTo(3 * slot);
        assertThat(second % slot).isZero();
        assertThat(second).isEqualTo((0x7fff_f7ff_f000L - slot) / slot * slot);
        FileToMap readOnly = new FileToMap(true, false, true, region.window());
        assertThat(space.map(new MapRequest(0, slot, RW, MAP_SHARED, readOnly, 0)))
                .isEqualTo(-Errno.EACCES);
    }

    @Test
    void window_isNeitherSplit_norProtected_norResized_norMoved() {
        initialize(1, 4);
        AddressSpace space = sharer(slot);
        assertThat(space.unmap(slot, PAGE)).isEqualTo(-EINVAL);
        assertThat(space.unmap(slot + PAGE, slot - PAGE)).isEqualTo(-EINVAL);
        assertThat(space.protect(slot, slot, PROT_READ)).isEqualTo(-EINVAL);
        assertThat(space.protect(slot, slot, RW)).isEqualTo(-EINVAL);
        assertThat(space.protect(slot, PAGE, PROT_READ)).isEqualTo(-EINVAL);
        assertThat(space.protect(slot, 0, PROT_READ)).isZero();
        assertThat(space.remap(new RemapRequest(slot, slot, 2 * slot, MREMAP_MAYMOVE, 0)))
                .isEqualTo(-Errno.EFAULT);
        assertThat(space.remap(new RemapRequest(slot, slot, PAGE, 0, 0))).isEqualTo(-EINVAL);
        int move = MREMAP_MAYMOVE | MREMAP_FIXED;
        assertThat(space.remap(new RemapRequest(slot, slot, slot, move, 5 * slot)))
                .isEqualTo(-EINVAL);
        assertThat(space.lock(slot, PAGE)).isEqualTo(-Errno.ENOMEM);
        assertThat(space.unmap(slot, slot)).isZero();
        assertThat(space.vmas().size()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void firstToucherTakesTwoFaults_othersOneLink_andSeeEveryPage(PagingMode mode) {
        use(mode);
        initialize(1, 8);
        AddressSpace first = sharer(slot);
        assertThat(first.fault(slot, AccessType.STORE)).isEqualTo(new FaultOutcome.Resolved());
        assertThat(first.fault(slot, AccessType.STORE)).isEqualTo(new FaultOutcome.Linked());
        assertThat(machine.store(first, slot, 42)).isZero();
        assertThat(machine.count(Counter.FAULT)).isEqualTo(2);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1);
        assertThat(machine.count(Counter.LINK_FAULT)).isEqualTo(1);
        AddressSpace second = sharer(3 * slot);
        assertThat(machine.load(second, 3 * slot)).isEqualTo(42);
        assertThat(machine.count(Counter.LINK_FAULT)).isEqualTo(2);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1);
        assertThat(machine.store(second, 3 * slot + PAGE, 43)).isZero();
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(2);
        assertThat(machine.load(first, slot + PAGE)).isEqualTo(43);
        assertThat(machine.count(Counter.FAULT)).isEqualTo(4);
    }

    @Test
    void writersFaults_arePagesPlusOneLinkForEachProcessAndSlot() {
        assertThat(region.setSize(2 * slot)).isZero();
        assertThat(create(0, 20, RW, ANON)).isZero();
        assertThat(create(slot, 20, RW, ANON)).isZero();
        for (int process = 0; process < 4; process++) {
            AddressSpace space = sharer(slot * (1 + 2 * process));
            for (long page = 0; page < 20; page++) {
                assertThat(machine.store(space, slot * (1 + 2 * process) + page * PAGE, 1))
                        .isZero();
                assertThat(machine.store(space, slot * (2 + 2 * process) + page * PAGE, 1))
                        .isZero();
            }
            assertThat(space.table().tablePages()).isEqualTo(1);
        }
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(40);
        assertThat(machine.count(Counter.LINK_FAULT)).isEqualTo(8);
        assertThat(machine.context.gauges().shared().peak()).isEqualTo(2 * 3 * PAGE);
        assertThat(requireNonNull(machine.context.gauges().byLabel().get("/region"))
                        .peak())
                .isEqualTo((1 + 2 * 3) * PAGE);
    }

    @Test
    void faults_goByTheRegionsRights_notTheWindows() {
        assertThat(region.setSize(slot)).isZero();
        assertThat(create(0, 1, RW, ANON)).isZero();
        assertThat(create(PAGE, 1, PROT_READ, ANON)).isZero();
        AddressSpace space = machine.process();
        assertThat(window(space, slot, PROT_NONE, MAP_SHARED | MAP_FIXED)).isEqualTo(slot);
        assertThat(machine.store(space, slot, 1)).isZero();
        assertThat(machine.load(space, slot + PAGE)).isZero();
        assertThat(space.fault(slot + PAGE, AccessType.STORE))
                .isEqualTo(new FaultOutcome.Signal(SIGSEGV, SEGV_ACCERR, slot + PAGE));
        assertThat(space.fault(slot + 2 * PAGE, AccessType.LOAD))
                .isEqualTo(new FaultOutcome.Signal(SIGSEGV, SEGV_MAPERR, slot + 2 * PAGE));
        assertThat(createFrom(new AnonymousPages(machine.frames, 1), true, PAGE, MAP_SHARED | MAP_FIXED))
                .isZero();
        assertThat(space.fault(slot, AccessType.LOAD))
                .isEqualTo(new FaultOutcome.Signal(SIGBUS, sharewalk.abi.Signals.BUS_ADRERR, slot));
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
    void unmappingTheWindow_unlinksThisProcessOnly() {
        initialize(1, 1);
        AddressSpace first = sharer(slot);
        AddressSpace second = sharer(slot);
        assertThat(machine.store(first, slot, 9)).isZero();
        assertThat(machine.load(second, slot)).isEqualTo(9);
        machine.run(first, 0);
        machine.restartCounting();
        assertThat(first.unmap(slot, slot)).isZero();
        assertThat(machine.harts.getFirst().takeOrders()).containsExactly(new InvalidationScope.Asid(first.asid()));
        assertThat(machine.harts.get(1).takeOrders()).isEmpty();
        assertThat(machine.load(first, slot)).isEqualTo(-SIGSEGV);
        assertThat(machine.load(second, slot)).isEqualTo(9);
    }

    @Test
    void advice_onAWindow_onlyUnlinks() {
        initialize(1, 1);
        AddressSpace space = sharer(slot);
        assertThat(machine.store(space, slot, 9)).isZero();
        assertThat(space.advise(slot, slot, MADV_DONTNEED)).isZero();
        machine.restartCounting();
        assertThat(machine.load(space, slot)).isEqualTo(9);
        assertThat(machine.count(Counter.LINK_FAULT)).isEqualTo(1);
        assertThat(machine.count(Counter.MINOR_FAULT)).isZero();
    }

    @Test
    void forkedChild_startsUnlinked() {
        initialize(1, 1);
        AddressSpace parent = sharer(slot);
        assertThat(machine.store(parent, slot, 5)).isZero();
        AddressSpace child = requireNonNull(parent.fork());
        machine.restartCounting();
        assertThat(machine.load(child, slot)).isEqualTo(5);
        assertThat(machine.count(Counter.LINK_FAULT)).isEqualTo(1);
        child.release();
        assertThat(machine.load(parent, slot)).isEqualTo(5);
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

    @Test
    void kernelAccess_goesThroughTheSameFaults() {
        initialize(1, 2);
        AddressSpace space = sharer(slot);
        assertThat(space.user().write(slot + PAGE - 1, new byte[] {1, 2})).isTrue();
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(2);
        assertThat(machine.count(Counter.LINK_FAULT)).isEqualTo(1);
        assertThat(machine.load(space, slot + PAGE)).isEqualTo(2);
        assertThat(space.user().write(slot + 2 * PAGE, new byte[1])).isFalse();
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
