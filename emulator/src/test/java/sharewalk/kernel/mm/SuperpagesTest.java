package sharewalk.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.Advice.MADV_HUGEPAGE;
import static sharewalk.abi.MmapFlags.MAP_FIXED;
import static sharewalk.abi.MmapFlags.MAP_PRIVATE;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;

import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.paging.PagingMode;

/// Transparent huge pages of shared memory without an engine.
class SuperpagesTest {
    private static final long HUGE = 2L << 20;
    private static final int RAM = 32 << 20;
    private static final long BASE = 0x4000_0000L;

    private TestMachine machine = new TestMachine(PagingMode.SV39, 2, RAM);
    private AnonymousPages file = file();

    private AnonymousPages file() {
        return new AnonymousPages(
                machine.frames, machine.context.hugeMemory(), machine.context.current(), 2 * HUGE + 4 * PAGE);
    }

    private void use(PagingMode mode) {
        machine = new TestMachine(mode, 2, RAM);
        file = file();
        machine.context.hugeMemory().setShmem(HugeShmem.ALWAYS);
    }

    private AddressSpace sharer(long at, int flags, long pages) {
        AddressSpace space = machine.process();
        FileToMap opened = new FileToMap(true, true, true, file);
        assertThat(space.map(new MapRequest(at, pages * PAGE, RW, flags | MAP_FIXED, opened, 0)))
                .isEqualTo(at);
        return space;
    }

    @AfterEach
    void nothingIsOwed() {
        machine.requireRedeemed();
    }

    @ParameterizedTest
    @EnumSource
    void oneFault_mapsAWholePage(PagingMode mode) {
        use(mode);
        AddressSpace space = sharer(BASE, MAP_SHARED, 1028);
        machine.restartCounting();
        assertThat(machine.store(space, BASE + 3 * PAGE, 7)).isZero();
        assertThat(machine.load(space, BASE + 511 * PAGE)).isZero();
        assertThat(machine.count(Counter.MINOR_FAULT)).isEqualTo(1);
        assertThat(machine.count(Counter.PAGE_ZEROED)).isEqualTo(512);
        assertThat(space.table().cursor().levelAt(BASE)).isEqualTo(1);
        AddressSpace reader = sharer(BASE, MAP_SHARED, 1028);
        machine.restartCounting();
        assertThat(machine.load(reader, BASE + 3 * PAGE)).isEqualTo(7);
        assertThat(reader.table().cursor().levelAt(BASE)).isEqualTo(1);
    }

    @Test
    void areasThatDoNotHoldAWholePage_mapItBySmallEntries() {
        use(PagingMode.SV39);
        AddressSpace aligned = sharer(BASE, MAP_SHARED, 512);
        AddressSpace shifted = sharer(BASE + PAGE, MAP_SHARED, 512);
        assertThat(machine.store(aligned, BASE + 9 * PAGE, 4)).isZero();
        assertThat(machine.load(shifted, BASE + 10 * PAGE)).isEqualTo(4);
        assertThat(shifted.table().cursor().levelAt(BASE + 10 * PAGE)).isZero();
        assertThat(shifted.table().cursor().frameAt(BASE + 10 * PAGE))
                .isEqualTo(aligned.table().cursor().frameAt(BASE + 9 * PAGE));
    }

    @Test
    void changingAPart_dropsTheLeaf_andKeepsWhatItHeld() {
        use(PagingMode.X86_64_4LEVEL);
        AddressSpace space = sharer(BASE, MAP_SHARED, 1024);
        assertThat(machine.store(space, BASE + 3 * PAGE, 7)).isZero();
        assertThat(space.protect(BASE + 8 * PAGE, PAGE, PROT_READ)).isZero();
        assertThat(space.table().cursor().pteAt(BASE)).isZero();
        assertThat(machine.load(space, BASE + 3 * PAGE)).isEqualTo(7);
        assertThat(space.table().cursor().levelAt(BASE + 3 * PAGE)).isZero();
        assertThat(machine.store(space, BASE + HUGE, 1)).isZero();
        assertThat(space.unmap(BASE + HUGE + 100 * PAGE, PAGE)).isZero();
        assertThat(machine.load(space, BASE + HUGE)).isEqualTo(1);
    }

    @Test
    void aHole_splitsThePageAndFreesItsPart() {
        use(PagingMode.SV39);
        AddressSpace space = sharer(BASE, MAP_SHARED, 512);
        assertThat(machine.store(space, BASE + 3 * PAGE, 7)).isZero();
        assertThat(machine.store(space, BASE + 20 * PAGE, 8)).isZero();
        long free = machine.frames.freeFrames();
        assertThat(file.punchHole(16, 32)).isZero();
        assertThat(machine.frames.freeFrames()).isEqualTo(free + 16);
        assertThat(machine.load(space, BASE + 3 * PAGE)).isEqualTo(7);
        assertThat(machine.load(space, BASE + 20 * PAGE)).isZero();
    }

    @Test
    void privateMappings_copySmallPages() {
        use(PagingMode.SV39);
        AddressSpace space = sharer(BASE, MAP_SHARED, 512);
        assertThat(machine.store(space, BASE + 3 * PAGE, 7)).isZero();
        AddressSpace own = sharer(BASE, MAP_PRIVATE, 512);
        assertThat(machine.load(own, BASE + 3 * PAGE)).isEqualTo(7);
        assertThat(own.table().cursor().levelAt(BASE)).isEqualTo(1);
        machine.restartCounting();
        assertThat(machine.store(own, BASE + 3 * PAGE, 9)).isZero();
        assertThat(machine.count(Counter.PAGE_COPIED)).isEqualTo(1);
        assertThat(machine.load(own, BASE + 3 * PAGE)).isEqualTo(9);
        assertThat(machine.load(space, BASE + 3 * PAGE)).isEqualTo(7);
        AddressSpace child = Objects.requireNonNull(own.fork());
        assertThat(machine.load(child, BASE + 3 * PAGE)).isEqualTo(9);
    }

    @Test
    void advice_decidesWhereTheSettingAsksForIt() {
        use(PagingMode.SV39);
        machine.context.hugeMemory().setShmem(HugeShmem.ADVISE);
        AddressSpace space = sharer(BASE, MAP_SHARED, 1024);
        assertThat(machine.store(space, BASE, 1)).isZero();
        assertThat(space.table().cursor().levelAt(BASE)).isZero();
        assertThat(space.advise(BASE, 2 * HUGE, MADV_HUGEPAGE)).isZero();
        assertThat(machine.store(space, BASE + HUGE, 1)).isZero();
        assertThat(space.table().cursor().levelAt(BASE + HUGE)).isEqualTo(1);
    }

    @Test
    void everyFrameComesBack() {
        use(PagingMode.SV39);
        long free = machine.frames.freeFrames();
        AddressSpace one = sharer(BASE, MAP_SHARED, 1028);
        AddressSpace two = sharer(BASE, MAP_SHARED, 1028);
        for (long page = 0; page < 1028; page += 100) {
            assertThat(machine.store(one, BASE + page * PAGE, 1)).isZero();
            assertThat(machine.load(two, BASE + page * PAGE)).isEqualTo(1);
        }
        assertThat(one.unmap(BASE + 5 * PAGE, PAGE)).isZero();
        one.release();
        two.release();
        assertThat(machine.frames.freeFrames()).isEqualTo(free);
    }
}
