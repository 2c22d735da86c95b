package sharewalk.kernel.mm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Advice.MADV_COLLAPSE;
import static sharewalk.abi.Advice.MADV_DONTNEED;
import static sharewalk.abi.Advice.MADV_FREE;
import static sharewalk.abi.Advice.MADV_HUGEPAGE;
import static sharewalk.abi.Advice.MADV_POPULATE_WRITE;
import static sharewalk.abi.Advice.MADV_REMOVE;
import static sharewalk.abi.Errno.EFAULT;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.Errno.ENOMEM;
import static sharewalk.abi.MmapProt.PROT_NONE;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MremapFlags.MREMAP_DONTUNMAP;
import static sharewalk.abi.MremapFlags.MREMAP_FIXED;
import static sharewalk.abi.MremapFlags.MREMAP_MAYMOVE;
import static sharewalk.abi.MsyncFlags.MS_ASYNC;
import static sharewalk.abi.MsyncFlags.MS_SYNC;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;
import static sharewalk.kernel.mm.TestMachine.mapAnonymous;
import static sharewalk.kernel.mm.TestMachine.mapSharedAnonymous;

import org.junit.jupiter.api.Test;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.PagingMode;

class RangeOperationsTest {
    private final TestMachine machine = TestMachine.of(PagingMode.X86_64_4LEVEL);
    private final AddressSpace space = machine.process();

    private long remap(long virtAddr, long oldPages, long newPages, int flags, long target) {
        return space.remap(new RemapRequest(virtAddr, oldPages * PAGE, newPages * PAGE, flags, target));
    }

    @Test
    void protection_takesRightsAway_andGivesThemBackWithoutFaults() {
        long at = mapAnonymous(space, 0, 3);
        assertThat(machine.store(space, at, 1)).isZero();
        assertThat(machine.load(space, at + PAGE)).isZero();
        assertThat(space.protect(at, 2 * PAGE, PROT_NONE)).isZero();
        assertThat(machine.load(space, at)).isEqualTo(-SIGSEGV);
        assertThat(space.protect(at, 2 * PAGE, RW)).isZero();
        machine.restartCounting();
        assertThat(machine.store(space, at, 2)).isZero();
        assertThat(machine.count(Counter.FAULT)).isZero();
        // The frame of zeros was never this mapping's own.
        assertThat(machine.store(space, at + PAGE, 2)).isZero();
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1);
    }

    @Test
    void protectionOverAHole_changesWhatComesBefore() {
        long at = mapAnonymous(space, 0x1000_0000, 3);
        assertThat(space.unmap(at + PAGE, PAGE)).isZero();
        assertThat(space.protect(at, 3 * PAGE, PROT_READ)).isEqualTo(-ENOMEM);
        assertThat(machine.store(space, at, 1)).isEqualTo(-SIGSEGV);
        assertThat(machine.store(space, at + 2 * PAGE, 1)).isZero();
        assertThat(space.protect(at + 1, PAGE, RW)).isEqualTo(-EINVAL);
        assertThat(space.protect(at, PAGE, 64)).isEqualTo(-EINVAL);
        assertThat(space.protect(at, 0, RW)).isZero();
    }

    @Test
    void remap_growsInPlace_movesAndShrinks() {
        long at = mapAnonymous(space, 0x1000_0000, 2);
        assertThat(machine.store(space, at + PAGE, 5)).isZero();
        assertThat(remap(at, 2, 4, 0, 0)).isEqualTo(at);
        assertThat(mapAnonymous(space, at + 4 * PAGE, 1)).isPositive();
        assertThat(space.protect(at + 4 * PAGE, PAGE, PROT_READ)).isZero();
        assertThat(remap(at, 4, 8, 0, 0)).isEqualTo(-ENOMEM);
        machine.restartCounting();
        long moved = remap(at, 4, 8, MREMAP_MAYMOVE, 0);
        assertThat(moved).isPositive().isNotEqualTo(at);
        assertThat(machine.load(space, moved + PAGE)).isEqualTo(5);
        assertThat(machine.count(Counter.FAULT)).isZero();
        assertThat(machine.load(space, at)).isEqualTo(-SIGSEGV);
        assertThat(remap(moved, 8, 1, 0, 0)).isEqualTo(moved);
        assertThat(machine.load(space, moved + PAGE)).isEqualTo(-SIGSEGV);
    }

    @Test
    void remap_toAGivenPlace_replacesWhatIsThere() {
        long at = mapAnonymous(space, 0x1000_0000, 1024);
        long target = mapAnonymous(space, 0x2010_0000, 1024);
        for (long page = 0; page < 1024; page += 100) {
            assertThat(machine.store(space, at + page * PAGE, (int) page)).isZero();
            assertThat(machine.store(space, target + page * PAGE, 1)).isZero();
        }
        assertThat(remap(at, 1024, 1024, MREMAP_MAYMOVE | MREMAP_FIXED, target)).isEqualTo(target);
        for (long page = 0; page < 1024; page += 100) {
            assertThat(machine.load(space, target + page * PAGE)).isEqualTo(page & 0xff);
        }
        assertThat(space.vmas().size()).isEqualTo(1);
        assertThat(remap(target, 2, 2, MREMAP_MAYMOVE | MREMAP_FIXED, target + PAGE))
                .isEqualTo(-EINVAL);
        assertThat(remap(target, 2, 2, MREMAP_FIXED, at)).isEqualTo(-EINVAL);
        assertThat(remap(at, 1, 2, MREMAP_MAYMOVE, 0)).isEqualTo(-EFAULT);
        assertThat(remap(target, 2000, 3000, MREMAP_MAYMOVE, 0)).isEqualTo(-EFAULT);
        assertThat(remap(target, 1, 0, MREMAP_MAYMOVE, 0)).isEqualTo(-EINVAL);
        assertThat(remap(target, 0, 1, MREMAP_MAYMOVE, 0)).isEqualTo(-EINVAL);
    }

    @Test
    void remap_mayLeaveTheOldPlaceMapped_orDoubleASharedOne() {
        long at = mapAnonymous(space, 0, 1);
        assertThat(machine.store(space, at, 3)).isZero();
        long moved = remap(at, 1, 1, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
        assertThat(machine.load(space, moved)).isEqualTo(3);
        assertThat(machine.load(space, at)).isZero();
        long shared = mapSharedAnonymous(space, 0, 1);
        assertThat(machine.store(space, shared, 4)).isZero();
        long twin = remap(shared, 0, 1, MREMAP_MAYMOVE, 0);
        assertThat(machine.load(space, twin)).isEqualTo(4);
        assertThat(machine.store(space, twin, 5)).isZero();
        assertThat(machine.load(space, shared)).isEqualTo(5);
    }

    @Test
    void remapWithoutRam_movesNothing() {
        TestMachine small = new TestMachine(PagingMode.SV39, 1, 24 * 4096);
        AddressSpace poor = small.process();
        long at = mapAnonymous(poor, 0x1000_0000, 1024);
        assertThat(small.store(poor, at, 1)).isZero();
        assertThat(small.store(poor, at + (2 << 20), 2)).isZero();
        while (small.frames.freeFrames() > 1) {
            long _ = small.frames.allocate(sharewalk.mmu.memory.FrameUse.DATA);
        }
        assertThat(poor.remap(
                        new RemapRequest(at, 1024 * PAGE, 1024 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, 0x20_0000_0000L)))
                .isEqualTo(-ENOMEM);
        assertThat(small.load(poor, at)).isEqualTo(1);
        assertThat(small.load(poor, at + (2 << 20))).isEqualTo(2);
        small.requireRedeemed();
    }

    @Test
    void advice_dropsPages_orIsAccepted_orRefused() {
        long own = mapAnonymous(space, 0x1000_0000, 2);
        long shared = mapSharedAnonymous(space, 0x2000_0000, 2);
        assertThat(machine.store(space, own, 1)).isZero();
        assertThat(machine.store(space, shared, 2)).isZero();
        assertThat(space.advise(own, 2 * PAGE, MADV_DONTNEED)).isZero();
        assertThat(space.advise(shared, 2 * PAGE, MADV_DONTNEED)).isZero();
        assertThat(machine.load(space, own)).isZero();
        assertThat(machine.load(space, shared)).isEqualTo(2);
        assertThat(space.advise(shared, 2 * PAGE, MADV_REMOVE)).isZero();
        assertThat(machine.load(space, shared)).isZero();
        assertThat(space.advise(own, 2 * PAGE, MADV_HUGEPAGE)).isZero();
        assertThat(space.advise(own, 2 * PAGE, MADV_FREE)).isZero();
        assertThat(space.advise(shared, 2 * PAGE, MADV_FREE)).isEqualTo(-EINVAL);
        assertThat(space.advise(own, 2 * PAGE, MADV_COLLAPSE)).isEqualTo(-EINVAL);
        assertThat(space.advise(own, 2 * PAGE, 999)).isEqualTo(-EINVAL);
        assertThat(space.advise(own, 3 * PAGE, MADV_DONTNEED)).isEqualTo(-ENOMEM);
        machine.restartCounting();
        assertThat(space.advise(own, 2 * PAGE, MADV_POPULATE_WRITE)).isZero();
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(2);
    }

    @Test
    void locking_faultsPagesIn() {
        long at = mapAnonymous(space, 0x1000_0000, 4);
        assertThat(space.lock(at + PAGE, PAGE + 1)).isZero();
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(2);
        assertThat(space.vmas().size()).isEqualTo(3);
        assertThat(space.advise(at, 4 * PAGE, MADV_DONTNEED)).isEqualTo(-EINVAL);
        assertThat(space.unlock(at, 4 * PAGE)).isZero();
        assertThat(space.vmas().size()).isEqualTo(1);
        assertThat(space.lock(at, 5 * PAGE)).isEqualTo(-ENOMEM);
        assertThat(space.sync(at, 4 * PAGE, MS_SYNC)).isZero();
        assertThat(space.sync(at, 5 * PAGE, MS_SYNC)).isEqualTo(-ENOMEM);
        assertThat(space.sync(at, PAGE, MS_SYNC | MS_ASYNC)).isEqualTo(-EINVAL);
    }

    @Test
    void unmapping_freesTables_whenNoOtherMappingUsesThem() {
        long at = mapAnonymous(space, 0x4000_0000, 1);
        long neighbour = mapAnonymous(space, 0x4010_0000, 1);
        assertThat(machine.store(space, at, 1)).isZero();
        assertThat(space.table().tablePages()).isEqualTo(4);
        assertThat(space.unmap(at, PAGE)).isZero();
        assertThat(space.table().tablePages()).isEqualTo(4);
        assertThat(space.unmap(neighbour, PAGE)).isZero();
        assertThat(space.table().tablePages()).isEqualTo(1);
    }

    @Test
    void unmapping_leavesTables_toAMappingBelow() {
        long below = mapAnonymous(space, 0x4000_0000, 1);
        long at = mapAnonymous(space, 0x4010_0000, 1);
        assertThat(machine.store(space, at, 1)).isZero();
        assertThat(space.unmap(at, PAGE)).isZero();
        assertThat(space.table().tablePages()).isEqualTo(4);
        assertThat(space.unmap(below, PAGE)).isZero();
        assertThat(space.table().tablePages()).isEqualTo(1);
    }

    @Test
    void gauges_nameTheMappingThatNeededTheTable() {
        long shared = mapSharedAnonymous(space, 0x4000_0000, 1024);
        for (long page = 0; page < 1024; page += 256) {
            assertThat(machine.store(space, shared + page * PAGE, 1)).isZero();
        }
        var byLabel = space.gauges().byLabel();
        assertThat(requireNonNull(byLabel.get("shared anonymous")).current()).isEqualTo(4 * PAGE);
        assertThat(requireNonNull(byLabel.get(PageTableGauges.ROOT_LABEL)).current())
                .isEqualTo(PAGE);
        assertThat(space.gauges().total().current()).isEqualTo(5 * PAGE);
        assertThat(space.unmap(shared, 1024 * PAGE)).isZero();
        assertThat(requireNonNull(byLabel.get("shared anonymous")).current()).isZero();
        assertThat(byLabel.get("shared anonymous").peak()).isEqualTo(4 * PAGE);
        assertThat(machine.context.gauges().total().peak()).isEqualTo(5 * PAGE);
    }
}
