package sharewalk.kernel.mm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;
import static sharewalk.kernel.mm.TestMachine.mapAnonymous;
import static sharewalk.kernel.mm.TestMachine.mapFile;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.PteFormat;

/// Accessed and dirty bits where hardware leaves them to the page fault (RISC-V Svade).
class SoftwareMarksTest {
    private TestMachine machine = machine(PagingMode.SV39);
    private AddressSpace space = machine.process();

    private static TestMachine machine(PagingMode mode) {
        return new TestMachine(mode, 2, 16 << 20, 16, Set.of());
    }

    private void expect(long faults, long fences) {
        assertThat(machine.count(Counter.FAULT)).isEqualTo(faults);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(faults);
        assertThat(machine.count(Counter.INVALIDATION)).isEqualTo(fences);
        machine.restartCounting();
    }

    @ParameterizedTest
    @EnumSource(
            value = PagingMode.class,
            names = {"SV39", "SV48", "SV57"})
    void storeToWritablePageThatWasOnlyRead_isAFaultThatSetsDirtyAndFences(PagingMode mode) {
        machine = machine(mode);
        space = machine.process();
        FileStub file = new FileStub(machine, "/file", PAGE).resident();
        long at = mapFile(space, file, MAP_SHARED, RW, 1);
        machine.restartCounting();
        assertThat(machine.load(space, at)).isEqualTo(1);
        expect(1, 1);
        assertThat(mode.format().isDirty(space.table().cursor().pteAt(at))).isFalse();
        assertThat(machine.store(space, at, 7)).isZero();
        expect(1, 1);
        assertThat(mode.format().isDirty(space.table().cursor().pteAt(at))).isTrue();
        assertThat(machine.store(space, at, 8)).isZero();
        expect(0, 0);
    }

    @Test
    void firstStore_isOneFault_asItsPageComesDirty() {
        long at = mapAnonymous(space, 0, 10);
        machine.restartCounting();
        for (int page = 0; page < 10; page++) {
            assertThat(machine.store(space, at + page * PAGE, 1)).isZero();
        }
        expect(10, 10);
    }

    @Test
    void forkedChild_faultsForAccessedOnceInEachPage() {
        long at = mapAnonymous(space, 0, 2);
        assertThat(machine.store(space, at, 1)).isZero();
        assertThat(machine.store(space, at + PAGE, 2)).isZero();
        AddressSpace child = requireNonNull(space.fork());
        machine.run(child, 0);
        machine.restartCounting();
        assertThat(machine.load(child, at)).isEqualTo(1);
        expect(1, 1);
        assertThat(machine.load(child, at)).isEqualTo(1);
        expect(0, 0);
        // The copy for a store comes with both bits.
        assertThat(machine.store(child, at + PAGE, 9)).isZero();
        assertThat(machine.load(child, at + PAGE)).isEqualTo(9);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1);
    }

    @Test
    void lastOwnersStore_setsBothBitsWithTheRight() {
        PteFormat format = machine.mode.format();
        long at = mapAnonymous(space, 0, 1);
        assertThat(machine.store(space, at, 1)).isZero();
        AddressSpace child = requireNonNull(space.fork());
        space.release();
        machine.run(child, 0);
        machine.restartCounting();
        assertThat(machine.store(child, at, 2)).isZero();
        expect(1, 1);
        long pte = child.table().cursor().pteAt(at);
        assertThat(format.isAccessed(pte) && format.isDirty(pte)).isTrue();
    }

    @Test
    void kernelsOwnAccess_faultsToo() {
        FileStub file = new FileStub(machine, "/file", PAGE).resident();
        long at = mapFile(space, file, MAP_SHARED, RW, 1);
        assertThat(machine.load(space, at)).isEqualTo(1);
        machine.restartCounting();
        assertThat(space.user().write64(at, 5)).isTrue();
        expect(1, 1);
        assertThat(space.user().write64(at, 6)).isTrue();
        assertThat(space.user().read64(at)).hasValue(6);
        expect(0, 0);
    }

    @Test
    void hardwareThatSetsThem_savesTheFaults() {
        machine = TestMachine.of(PagingMode.SV39);
        space = machine.process();
        FileStub file = new FileStub(machine, "/file", PAGE).resident();
        long at = mapFile(space, file, MAP_SHARED, RW, 1);
        assertThat(machine.load(space, at)).isEqualTo(1);
        machine.restartCounting();
        assertThat(machine.store(space, at, 7)).isZero();
        assertThat(space.user().write64(at, 5)).isTrue();
        expect(0, 0);
        assertThat(machine.mode.format().isDirty(space.table().cursor().pteAt(at)))
                .isTrue();
    }
}
