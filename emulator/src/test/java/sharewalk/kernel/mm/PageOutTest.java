package sharewalk.kernel.mm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Advice.MADV_PAGEOUT;
import static sharewalk.abi.Errno.EINVAL;
import static sharewalk.abi.MmapProt.PROT_NONE;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;
import static sharewalk.kernel.mm.TestMachine.mapAnonymous;
import static sharewalk.kernel.mm.TestMachine.mapSharedAnonymous;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.PagingMode;

/// Pages go to swap and come back, and nobody can tell but by the faults.
class PageOutTest {
    @ParameterizedTest
    @EnumSource(names = {"SV39", "X86_64_4LEVEL"})
    void pageOut_freesTheFrame_andAMajorFaultBringsItBack(PagingMode mode) {
        TestMachine machine = TestMachine.of(mode);
        AddressSpace space = machine.process();
        long at = mapAnonymous(space, 0, 2);
        assertThat(machine.store(space, at, 41)).isZero();
        long used = machine.frames.usedFrames();
        machine.restartCounting();
        assertThat(space.advise(at, 2 * PAGE, MADV_PAGEOUT)).isZero();
        machine.requireRedeemed();
        assertThat(machine.frames.usedFrames()).isEqualTo(used - 1);
        assertThat(space.residency().isResident(at)).isFalse();
        assertThat(machine.count(Counter.PAGE_SWAPPED_OUT)).isEqualTo(1);
        assertThat(machine.load(space, at)).isEqualTo(41);
        assertThat(machine.count(Counter.MAJOR_FAULT)).isEqualTo(1);
        assertThat(machine.count(Counter.MINOR_FAULT)).isZero();
        assertThat(machine.count(Counter.PAGE_SWAPPED_IN)).isEqualTo(1);
        machine.restartCounting();
        assertThat(machine.store(space, at, 42)).isZero();
        assertThat(machine.count(Counter.PAGE_COPIED)).isZero();
        assertThat(machine.frames.swap().used()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"SV39", "X86_64_4LEVEL"})
    void slots_keepRightReferences_throughForkProtectionAndExit(PagingMode mode) {
        TestMachine machine = TestMachine.of(mode);
        AddressSpace space = machine.process();
        long at = mapAnonymous(space, 0, 2);
        assertThat(machine.store(space, at, 1)).isZero();
        assertThat(machine.store(space, at + PAGE, 2)).isZero();
        assertThat(space.advise(at, 2 * PAGE, MADV_PAGEOUT)).isZero();
        assertThat(space.protect(at, 2 * PAGE, PROT_NONE)).isZero();
        assertThat(space.protect(at, 2 * PAGE, RW)).isZero();
        AddressSpace child = requireNonNull(space.fork());
        assertThat(machine.store(child, at, 7)).isZero();
        assertThat(machine.load(space, at)).isEqualTo(1);
        assertThat(machine.load(child, at + PAGE)).isEqualTo(2);
        assertThat(machine.frames.swap().used()).isEqualTo(1);
        child.release();
        assertThat(machine.load(space, at + PAGE)).isEqualTo(2);
        assertThat(machine.frames.swap().used()).isZero();
        assertThat(space.advise(at, 2 * PAGE, MADV_PAGEOUT)).isZero();
        space.release();
        assertThat(machine.frames.swap().used()).isZero();
        assertThat(machine.frames.usedFrames()).as("the frame of zeros").isEqualTo(1);
        machine.requireRedeemed();
    }

    @ParameterizedTest
    @EnumSource(names = {"SV39", "X86_64_4LEVEL"})
    void reclaim_takesInheritedPagesFromEveryone_butTheAdviceDoesNot(PagingMode mode) {
        TestMachine machine = TestMachine.of(mode);
        AddressSpace space = machine.process();
        long at = mapAnonymous(space, 0, 1);
        assertThat(machine.store(space, at, 3)).isZero();
        AddressSpace child = requireNonNull(space.fork());
        assertThat(space.advise(at, PAGE, MADV_PAGEOUT)).isZero();
        assertThat(space.residency().isResident(at)).isTrue();
        assertThat(space.residency().reclaim(at, PAGE)).isZero();
        machine.requireRedeemed();
        assertThat(space.residency().isResident(at)).isFalse();
        assertThat(child.residency().isResident(at)).isFalse();
        machine.restartCounting();
        assertThat(machine.load(child, at)).isEqualTo(3);
        assertThat(machine.load(space, at)).isEqualTo(3);
        assertThat(machine.count(Counter.PAGE_SWAPPED_IN)).isEqualTo(1);
        assertThat(machine.count(Counter.MAJOR_FAULT)).isEqualTo(1);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1);
        assertThat(machine.store(child, at, 4)).isZero();
        assertThat(machine.load(space, at)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"SV39", "X86_64_4LEVEL"})
    void sharedPages_goFromEveryMapping_andComeBackOnce(PagingMode mode) {
        TestMachine machine = TestMachine.of(mode);
        AddressSpace space = machine.process();
        long at = mapSharedAnonymous(space, 0, 1);
        assertThat(machine.store(space, at, 5)).isZero();
        AddressSpace child = requireNonNull(space.fork());
        assertThat(machine.load(child, at)).isEqualTo(5);
        assertThat(space.advise(at, PAGE, MADV_PAGEOUT)).isZero();
        assertThat(space.residency().isResident(at)).isTrue();
        assertThat(space.residency().reclaim(at, PAGE)).isZero();
        assertThat(space.table().cursor().pteAt(at)).isZero();
        assertThat(child.table().cursor().pteAt(at)).isZero();
        machine.restartCounting();
        assertThat(machine.store(child, at, 6)).isZero();
        assertThat(machine.load(space, at)).isEqualTo(6);
        assertThat(machine.count(Counter.PAGE_SWAPPED_IN)).isEqualTo(1);
        assertThat(machine.frames.swap().used()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"SV39", "X86_64_4LEVEL"})
    void lockedPages_andTheFrameOfZeros_stay(PagingMode mode) {
        TestMachine machine = TestMachine.of(mode);
        AddressSpace space = machine.process();
        long at = mapAnonymous(space, 0, 1);
        assertThat(machine.load(space, at)).isZero();
        assertThat(space.advise(at, PAGE, MADV_PAGEOUT)).isZero();
        assertThat(space.residency().isResident(at)).isTrue();
        assertThat(space.protect(at, PAGE, PROT_READ)).isZero();
        assertThat(space.lock(at, PAGE)).isZero();
        assertThat(space.advise(at, PAGE, MADV_PAGEOUT)).isEqualTo(-EINVAL);
    }
}
