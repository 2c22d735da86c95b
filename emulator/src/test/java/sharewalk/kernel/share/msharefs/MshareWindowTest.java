package sharewalk.kernel.share.msharefs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_NONE;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MremapFlags.MREMAP_FIXED;
import static sharewalk.abi.MremapFlags.MREMAP_MAYMOVE;
import static sharewalk.abi.Signals.BUS_ADRERR;
import static sharewalk.abi.Signals.SEGV_ACCERR;
import static sharewalk.abi.Signals.SEGV_MAPERR;
import static sharewalk.abi.Signals.SIGBUS;
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
import sharewalk.kernel.mm.FaultOutcome;
import sharewalk.kernel.mm.FileToMap;
import sharewalk.kernel.mm.MapRequest;
import sharewalk.kernel.mm.RemapRequest;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;

/// The rules of msharefs v3 about windows: mmap(2), what is done to them, faults.
class MshareWindowTest extends RegionFixture {
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
        assertThat(createFrom(
                        new AnonymousPages(machine.frames, machine.context.hugeMemory(), machine.context.current(), 1),
                        true,
                        PAGE,
                        MAP_SHARED | MAP_FIXED))
                .isZero();
        AddressSpace elsewhere = sharer(5 * slot);
        // The first fault attaches; the signal names the process's own address.
        assertThat(elsewhere.fault(5 * slot, AccessType.LOAD)).isEqualTo(new FaultOutcome.Linked());
        assertThat(elsewhere.fault(5 * slot, AccessType.LOAD))
                .isEqualTo(new FaultOutcome.Signal(SIGBUS, BUS_ADRERR, 5 * slot));
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
        assertThat(machine.harts.getFirst().takeOrders())
                .containsExactly(new InvalidationScope.Asid(machine.idOf(first)));
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
    void kernelAccess_goesThroughTheSameFaults() {
        initialize(1, 2);
        AddressSpace space = sharer(slot);
        assertThat(space.user().write(slot + PAGE - 1, new byte[] {1, 2})).isTrue();
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(2);
        assertThat(machine.count(Counter.LINK_FAULT)).isEqualTo(1);
        assertThat(machine.load(space, slot + PAGE)).isEqualTo(2);
        assertThat(space.user().write(slot + 2 * PAGE, new byte[1])).isFalse();
    }
}
