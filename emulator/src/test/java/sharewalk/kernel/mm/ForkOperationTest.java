package sharewalk.kernel.mm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Advice.MADV_DONTFORK;
import static sharewalk.abi.Advice.MADV_WIPEONFORK;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapProt.PROT_EXEC;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;
import static sharewalk.kernel.mm.TestMachine.mapAnonymous;
import static sharewalk.kernel.mm.TestMachine.mapFile;
import static sharewalk.kernel.mm.TestMachine.mapSharedAnonymous;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.PagingMode;

class ForkOperationTest {
    private TestMachine machine = TestMachine.of(PagingMode.SV39);
    private AddressSpace parent = machine.process();

    private AddressSpace fork() {
        return requireNonNull(parent.fork());
    }

    @ParameterizedTest
    @EnumSource
    void writes_areCopiedOnce_andTheLastOwnerReusesItsPage(PagingMode mode) {
        machine = TestMachine.of(mode);
        parent = machine.process();
        long at = mapAnonymous(parent, 0, 2);
        assertThat(machine.store(parent, at, 1)).isZero();
        assertThat(machine.store(parent, at + PAGE, 2)).isZero();
        machine.restartCounting();
        AddressSpace child = fork();
        assertThat(machine.count(Counter.FULL_FLUSH)).isEqualTo(1);
        long used = machine.frames.usedFrames();
        assertThat(machine.load(child, at)).isEqualTo(1);
        assertThat(machine.count(Counter.MINOR_FAULT)).isZero();
        assertThat(machine.store(child, at, 11)).isZero();
        assertThat(machine.frames.usedFrames()).isEqualTo(used + 1);
        assertThat(machine.load(parent, at)).isEqualTo(1);
        assertThat(machine.store(parent, at, 21)).isZero();
        assertThat(machine.frames.usedFrames()).isEqualTo(used + 1);
        assertThat(machine.load(child, at)).isEqualTo(11);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(2);
        child.release();
        assertThat(machine.store(parent, at + PAGE, 22)).isZero();
        assertThat(machine.load(parent, at + PAGE)).isEqualTo(22);
    }

    @Test
    void childEntries_areOldAndWriteProtected_parentsStayYoung() {
        long at = mapAnonymous(parent, 0, 1);
        assertThat(machine.store(parent, at, 1)).isZero();
        AddressSpace child = fork();
        var format = machine.mode.format();
        long childPte = child.table().cursor().pteAt(at);
        long parentPte = parent.table().cursor().pteAt(at);
        assertThat(format.isAccessed(childPte)).isFalse();
        assertThat(format.isDirty(childPte)).isTrue();
        assertThat(format.isWritable(childPte)).isFalse();
        assertThat(format.isAccessed(parentPte)).isTrue();
        assertThat(format.isWritable(parentPte)).isFalse();
    }

    @Test
    void sharedAndUnwrittenAreas_areFaultedInAgain() {
        FileStub file = new FileStub(machine, "/f", 16 * PAGE).resident();
        long shared = mapSharedAnonymous(parent, 0, 1);
        long readFile = mapFile(parent, file, MAP_PRIVATE, PROT_READ, 1);
        long zeros = mapAnonymous(parent, 0x1000_0000, 1);
        assertThat(machine.store(parent, shared, 7)).isZero();
        assertThat(machine.load(parent, readFile)).isEqualTo(1);
        assertThat(machine.load(parent, zeros)).isZero();
        AddressSpace child = fork();
        machine.restartCounting();
        assertThat(child.table().tablePages()).isEqualTo(1);
        assertThat(machine.load(child, shared)).isEqualTo(7);
        assertThat(machine.load(child, readFile)).isEqualTo(1);
        assertThat(machine.load(child, zeros)).isZero();
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(3);
        assertThat(machine.store(child, shared, 8)).isZero();
        assertThat(machine.load(parent, shared)).isEqualTo(8);
    }

    @Test
    void advice_keepsAreasFromTheChild() {
        long gone = mapAnonymous(parent, 0x1000_0000, 1);
        long wiped = mapAnonymous(parent, 0x2000_0000, 1);
        assertThat(machine.store(parent, gone, 1)).isZero();
        assertThat(machine.store(parent, wiped, 2)).isZero();
        assertThat(parent.advise(gone, PAGE, MADV_DONTFORK)).isZero();
        assertThat(parent.advise(wiped, PAGE, MADV_WIPEONFORK)).isZero();
        AddressSpace child = fork();
        assertThat(machine.load(child, gone)).isNegative();
        assertThat(machine.load(child, wiped)).isZero();
        assertThat(machine.load(parent, wiped)).isEqualTo(2);
    }

    @Test
    void codeImage_isShared_untilOneSideDiverges() {
        long code = parent.map(MapRequest.anonymous(0, PAGE, RW | PROT_EXEC, MAP_PRIVATE));
        assertThat(machine.store(parent, code, 1)).isZero();
        AddressSpace child = fork();
        assertThat(child.codeImage()).isSameAs(parent.codeImage());
        assertThat(machine.store(child, code, 2)).isZero();
        assertThat(child.codeImage()).isNotSameAs(parent.codeImage());
    }

    @Test
    void forkWithoutRam_leavesTheParentWhole() {
        machine = new TestMachine(PagingMode.SV39, 1, 32 * 4096);
        parent = machine.process();
        long written = 0;
        long at = mapAnonymous(parent, 0, 100L << 9);
        while (machine.frames.freeFrames() > 2) {
            assertThat(machine.store(parent, at + (written << 21), 1)).isZero();
            written++;
        }
        long used = machine.frames.usedFrames();
        assertThat(parent.fork()).isNull();
        assertThat(machine.frames.usedFrames()).isEqualTo(used);
        machine.requireRedeemed();
        assertThat(machine.store(parent, at, 5)).isZero();
        assertThat(machine.load(parent, at)).isEqualTo(5);
    }

    @Test
    void everyFrameComesBack_whenAllHaveExited() {
        long before = machine.frames.usedFrames() - 1;
        long at = mapAnonymous(parent, 0, 600);
        for (int page = 0; page < 600; page += 7) {
            assertThat(machine.store(parent, at + page * PAGE, page)).isZero();
        }
        AddressSpace child = fork();
        assertThat(machine.store(child, at, 1)).isZero();
        parent.release();
        child.release();
        machine.requireRedeemed();
        assertThat(machine.frames.usedFrames()).isEqualTo(before);
    }
}
