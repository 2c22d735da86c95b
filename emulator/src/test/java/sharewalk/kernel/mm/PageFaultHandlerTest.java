package sharewalk.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_POPULATE;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_EXEC;
import static sharewalk.abi.MmapProt.PROT_NONE;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.abi.MmapProt.PROT_WRITE;
import static sharewalk.abi.Signals.SEGV_ACCERR;
import static sharewalk.abi.Signals.SEGV_MAPERR;
import static sharewalk.abi.Signals.SIGBUS;
import static sharewalk.abi.Signals.SIGSEGV;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;
import static sharewalk.kernel.mm.TestMachine.mapAnonymous;
import static sharewalk.kernel.mm.TestMachine.mapFile;
import static sharewalk.kernel.mm.TestMachine.mapSharedAnonymous;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;

class PageFaultHandlerTest {
    private TestMachine machine = TestMachine.of(PagingMode.X86_64_4LEVEL);
    private AddressSpace space = machine.process();

    private void use(PagingMode mode) {
        machine = TestMachine.of(mode);
        space = machine.process();
    }

    private void readAll(long start, long pages) {
        for (long page = 0; page < pages; page++) {
            assertThat(machine.load(space, start + page * PAGE)).isNotNegative();
        }
    }

    private void writeAll(long start, long pages) {
        for (long page = 0; page < pages; page++) {
            assertThat(machine.store(space, start + page * PAGE, 1)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void untouchedMemory_readsTheOneFrameOfZeros_andIsCopiedWhenWritten(PagingMode mode) {
        use(mode);
        long at = mapAnonymous(space, 0, 2);
        long before = machine.frames.usedFrames();
        readAll(at, 2);
        assertThat(machine.access(space, at, AccessType.LOAD))
                .isEqualTo(machine.access(space, at + PAGE, AccessType.LOAD));
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(2);
        assertThat(machine.frames.usedFrames() - before).isEqualTo(mode.levels() - 1);
        writeAll(at, 2);
        assertThat(machine.count(Counter.FAULT)).isEqualTo(4);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(4);
        assertThat(machine.frames.usedFrames() - before).isEqualTo(mode.levels() - 1 + 2);
    }

    @Test
    void firstWrite_isOneFault() {
        long at = mapAnonymous(space, 0, 1000);
        writeAll(at, 1000);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1000);
        readAll(at, 1000);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1000);
    }

    @Test
    void entriesAreYoung_andDirtyWhenWritten() {
        long at = mapAnonymous(space, 0, 2);
        readAll(at, 1);
        writeAll(at + PAGE, 1);
        var format = machine.mode.format();
        long read = space.table().cursor().pteAt(at);
        long written = space.table().cursor().pteAt(at + PAGE);
        assertThat(format.isAccessed(read)).isTrue();
        assertThat(format.isDirty(read)).isFalse();
        assertThat(format.isWritable(read)).isFalse();
        assertThat(format.isDirty(written)).isTrue();
        assertThat(format.isWritable(written)).isTrue();
    }

    @Test
    void readsOfResidentFilePages_mapSixteenAround() {
        FileStub file = new FileStub(machine, "/f", 64 * PAGE).resident();
        long at = mapFile(space, file, MAP_SHARED | MAP_FIXED, RW, 64);
        assertThat(at).isNegative();
        at = space.map(new MapRequest(0x40_0000, 64 * PAGE, RW, MAP_SHARED, new FileToMap(true, true, true, file), 0));
        readAll(at, 64);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(4);
    }

    @Test
    void faultAround_startsAtTheArea_andEndsWithTheTable() {
        FileStub file = new FileStub(machine, "/f", 64 * PAGE).resident();
        long start = 0x3f_d000;
        assertThat(space.map(new MapRequest(
                        start, 64 * PAGE, PROT_READ, MAP_PRIVATE, new FileToMap(true, true, true, file), 0)))
                .isEqualTo(start);
        assertThat(machine.load(space, start + PAGE)).isEqualTo(2);
        var cursor = space.table().cursor();
        assertThat(cursor.pteAt(start)).isNotZero();
        assertThat(cursor.pteAt(start + 2 * PAGE)).isNotZero();
        assertThat(cursor.pteAt(0x40_0000)).isZero();
        // Counted from the area's start, the window goes beyond the aligned 64 KiB, as in do_fault_around.
        assertThat(space.unmap(start, 64 * PAGE)).isZero();
        long unaligned = 0x80_5000;
        assertThat(space.map(new MapRequest(
                        unaligned, 64 * PAGE, PROT_READ, MAP_PRIVATE, new FileToMap(true, true, true, file), 0)))
                .isEqualTo(unaligned);
        assertThat(machine.load(space, unaligned)).isEqualTo(1);
        assertThat(cursor.pteAt(unaligned + 15 * PAGE)).isNotZero();
        assertThat(cursor.pteAt(unaligned + 16 * PAGE)).isZero();
    }

    @Test
    void readsOfPagesNotYetThere_bringInOneEach() {
        long at = mapSharedAnonymous(space, 0, 64);
        readAll(at, 64);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(64);
    }

    @Test
    void writesToSharedPages_neverMapAround() {
        FileStub file = new FileStub(machine, "/f", 64 * PAGE).resident();
        long at = mapFile(space, file, MAP_SHARED, RW, 64);
        writeAll(at, 64);
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(64);
    }

    @Test
    void sharedPagesReadFirst_canBeWrittenWithoutAFault() {
        long at = mapSharedAnonymous(space, 0, 4);
        readAll(at, 4);
        machine.restartCounting();
        writeAll(at, 4);
        assertThat(machine.count(Counter.FAULT)).isZero();
    }

    @Test
    void privateFilePages_areCopiedWhenWritten_andTheFileStays() {
        FileStub file = new FileStub(machine, "/f", 2 * PAGE).resident();
        long at = mapFile(space, file, MAP_PRIVATE, RW, 2);
        assertThat(machine.load(space, at)).isEqualTo(1);
        assertThat(machine.store(space, at, 42)).isZero();
        assertThat(machine.store(space, at + PAGE, 43)).isZero();
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(3);
        assertThat(machine.load(space, at)).isEqualTo(42);
        long other = mapFile(space, file, MAP_PRIVATE, PROT_READ, 2);
        assertThat(machine.load(space, other)).isEqualTo(1);
        assertThat(machine.load(space, other + PAGE)).isEqualTo(2);
    }

    @Test
    void pagesBeyondTheEndOfTheFile_areBusErrors() {
        FileStub file = new FileStub(machine, "/f", PAGE + 1);
        long at = mapFile(space, file, MAP_SHARED, RW, 4);
        assertThat(machine.load(space, at + PAGE)).isEqualTo(2);
        assertThat(machine.load(space, at + 2 * PAGE)).isEqualTo(-SIGBUS);
        assertThat(machine.store(space, at + 3 * PAGE, 1)).isEqualTo(-SIGBUS);
        file.truncate(0);
        assertThat(machine.load(space, at)).isEqualTo(-SIGBUS);
    }

    @Test
    void truncation_dropsPrivateCopies_aPunchedHoleKeepsThem() {
        FileStub file = new FileStub(machine, "/f", 2 * PAGE).resident();
        long at = mapFile(space, file, MAP_PRIVATE, RW, 2);
        assertThat(machine.store(space, at, 42)).isZero();
        assertThat(file.punchHole(0, 2)).isZero();
        assertThat(machine.load(space, at)).isEqualTo(42);
        file.truncate(0);
        assertThat(machine.load(space, at)).isEqualTo(-SIGBUS);
    }

    @Test
    void wrongAccesses_areSegmentationFaults_andNoMinorFaults() {
        long at = space.map(MapRequest.anonymous(0, PAGE, PROT_READ, MAP_PRIVATE));
        assertThat(space.fault(at, AccessType.STORE)).isEqualTo(new FaultOutcome.Signal(SIGSEGV, SEGV_ACCERR, at));
        assertThat(space.fault(at, AccessType.FETCH)).isEqualTo(new FaultOutcome.Signal(SIGSEGV, SEGV_ACCERR, at));
        assertThat(space.fault(0, AccessType.LOAD)).isEqualTo(new FaultOutcome.Signal(SIGSEGV, SEGV_MAPERR, 0));
        assertThat(space.fault(-PAGE, AccessType.LOAD)).isInstanceOf(FaultOutcome.Signal.class);
        assertThat(machine.count(Counter.FAULT)).isEqualTo(4);
        assertThat(machine.count(Counter.MINOR_FAULT)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void rights_implyWhatTheHardwareImplies(PagingMode mode) {
        use(mode);
        boolean x86 = KernelRules.of(mode) == KernelRules.X86_64;
        long writeOnly = space.map(MapRequest.anonymous(0, PAGE, PROT_WRITE, MAP_PRIVATE));
        assertThat(machine.load(space, writeOnly)).isZero();
        long executeOnly = space.map(MapRequest.anonymous(0, PAGE, PROT_EXEC, MAP_PRIVATE));
        assertThat(machine.access(space, executeOnly, AccessType.FETCH)).isPositive();
        assertThat(machine.load(space, executeOnly)).isEqualTo(x86 ? 0 : -SIGSEGV);
        long nothing = space.map(MapRequest.anonymous(0, PAGE, PROT_NONE, MAP_PRIVATE));
        assertThat(machine.load(space, nothing)).isEqualTo(-SIGSEGV);
    }

    @Test
    void stack_growsToItsLimit_andNoFurther() {
        long top = space.mapStack(RW);
        assertThat(machine.store(space, top - (8 << 20), 5)).isZero();
        assertThat(machine.store(space, top - (8 << 20) - 1, 5)).isEqualTo(-SIGSEGV);
        assertThat(space.mappings()).containsExactly(new MappingRange(top - (8 << 20), top, "[stack]"));
    }

    @Test
    void stack_keepsItsGapToAnotherMapping_unlessThatIsUnusable() {
        long top = space.mapStack(RW);
        long limit = top - (4 << 20);
        assertThat(mapAnonymous(space, limit - PAGE, 1)).isEqualTo(limit - PAGE);
        assertThat(machine.store(space, limit + Layout.STACK_GUARD_GAP - 1, 1)).isEqualTo(-SIGSEGV);
        assertThat(machine.store(space, limit + Layout.STACK_GUARD_GAP, 1)).isZero();
        assertThat(space.protect(limit - PAGE, PAGE, PROT_NONE)).isZero();
        assertThat(machine.store(space, limit, 1)).isZero();
    }

    @Test
    void populate_isMinorFaultsWithoutExceptions() {
        long at = space.map(MapRequest.anonymous(0, 10 * PAGE, RW, MAP_PRIVATE | MAP_POPULATE));
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(10);
        writeAll(at, 10);
        assertThat(machine.count(Counter.FAULT)).isZero();
    }

    @Test
    void usedUpRam_isReported_andNothingIsLost() {
        machine = new TestMachine(PagingMode.SV39, 1, 64 * 4096);
        space = machine.process();
        long used = machine.frames.usedFrames();
        long at = mapAnonymous(space, 0, 1000);
        long page = 0;
        while (machine.store(space, at + page * PAGE, 1) == 0) {
            page++;
        }
        assertThat(machine.store(space, at + page * PAGE, 1)).isEqualTo(-1000);
        assertThat(machine.load(space, at)).isEqualTo(1);
        assertThat(space.ranOutOfMemory()).isFalse();
        assertThat(space.user().write(at + page * PAGE, new byte[1])).isFalse();
        assertThat(space.ranOutOfMemory()).isTrue();
        assertThat(space.unmap(at, 1000 * PAGE)).isZero();
        assertThat(machine.frames.usedFrames()).isEqualTo(used);
    }

    @Test
    void spuriousFault_countsAsLinuxCounts() {
        long at = mapAnonymous(space, 0, 1);
        writeAll(at, 1);
        machine.restartCounting();
        assertThat(space.fault(at, AccessType.STORE)).isEqualTo(new FaultOutcome.Resolved());
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1);
    }
}
