package sharewalk.kernel.mm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.abi.MmapFlags.MAP_SHARED;
import static sharewalk.abi.MmapProt.PROT_READ;
import static sharewalk.kernel.mm.TestMachine.PAGE;
import static sharewalk.kernel.mm.TestMachine.RW;
import static sharewalk.kernel.mm.TestMachine.mapAnonymous;
import static sharewalk.kernel.mm.TestMachine.mapFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingMode;

/// What the kernel's primitive operations are counted as.
final class PrimitiveCountTest {
    private static final long AT = 0x4000_0000;

    private TestMachine machine = TestMachine.of(PagingMode.SV39);
    private AddressSpace space = machine.process();

    private void use(PagingMode mode) {
        machine = TestMachine.of(mode);
        space = machine.process();
    }

    private void store(long virtAddr) {
        assertThat(machine.store(space, virtAddr, 1)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void firstStore_zeroesAPage_andAllocatesATableForEachLevelBelowTheRoot(PagingMode mode) {
        use(mode);
        long at = mapAnonymous(space, AT, 2);
        machine.restartCounting();
        store(at);
        assertThat(machine.count(Counter.PAGE_ZEROED)).isEqualTo(1);
        assertThat(machine.count(Counter.TABLE_ALLOCATED)).isEqualTo(mode.rootLevel());
        assertThat(machine.count(Counter.PTE_WRITE)).isEqualTo(mode.rootLevel() + 1);
        store(at + PAGE);
        assertThat(machine.count(Counter.PAGE_ZEROED)).isEqualTo(2);
        assertThat(machine.count(Counter.TABLE_ALLOCATED)).isEqualTo(mode.rootLevel());
        assertThat(machine.count(Counter.PTE_WRITE)).isEqualTo(mode.rootLevel() + 2);
    }

    @Test
    void processAtItsEnd_hasFreedEveryTableItAllocated() {
        machine.restartCounting();
        AddressSpace other = AddressSpace.create(machine.context);
        machine.run(other, 0);
        assertThat(machine.store(other, mapAnonymous(other, AT, 1), 1)).isZero();
        assertThat(machine.store(other, mapAnonymous(other, 2 * AT, 1), 1)).isZero();
        other.release();
        assertThat(machine.count(Counter.TABLE_FREED))
                .isEqualTo(machine.count(Counter.TABLE_ALLOCATED))
                .isGreaterThan(3);
    }

    @Test
    void storeAfterFork_copiesAPage() {
        long at = mapAnonymous(space, AT, 1);
        store(at);
        AddressSpace child = requireNonNull(space.fork());
        machine.restartCounting();
        store(at);
        assertThat(machine.count(Counter.PAGE_COPIED)).isEqualTo(1);
        assertThat(machine.count(Counter.PAGE_ZEROED)).isZero();
        child.release();
    }

    @Test
    void fork_readsAndWritesEachCopiedEntryOnBothSides() {
        long at = mapAnonymous(space, AT, 8);
        for (int page = 0; page < 8; page++) {
            store(at + page * PAGE);
        }
        machine.restartCounting();
        AddressSpace child = requireNonNull(space.fork());
        // 8 write-protected in the parent; in the child 2 for its tables, and 8 written, then made old.
        assertThat(machine.count(Counter.PTE_WRITE)).isEqualTo(8 + 2 + 2 * 8);
        child.release();
    }

    @Test
    void sharedPages_areZeroedOnceAndLookedUpByEachFault() {
        AnonymousPages file =
                new AnonymousPages(machine.frames, machine.context.hugeMemory(), machine.context.current(), 4 * PAGE);
        long first = mapFile(space, file, MAP_SHARED, RW, 4);
        long second = mapFile(space, file, MAP_SHARED, RW, 4);
        machine.restartCounting();
        store(first);
        store(second);
        assertThat(machine.count(Counter.PAGE_ZEROED)).isEqualTo(1);
        assertThat(machine.count(Counter.PAGE_CACHE_LOOKUP)).isEqualTo(2);
    }

    @Test
    void zeroingAFilesPage_isChargedToTheFaultingAddress() {
        AnonymousPages file =
                new AnonymousPages(machine.frames, machine.context.hugeMemory(), machine.context.current(), PAGE);
        long at = mapFile(space, file, MAP_SHARED, RW, 1);
        Counters mapping = new Counters();
        Counters other = new Counters();
        machine.context
                .current()
                .enter(0, CounterMap.of(new long[] {at}, new long[] {at + PAGE}, new Counters[] {mapping}, other));
        assertThat(space.fault(at, AccessType.STORE)).isInstanceOf(FaultOutcome.Resolved.class);
        assertThat(mapping.get(Counter.PAGE_ZEROED)).isEqualTo(1);
        assertThat(other.get(Counter.PAGE_ZEROED)).isZero();
    }

    @Test
    void areas_countInsertionsRemovalsSplitsAndMerges() {
        machine.restartCounting();
        long at = mapAnonymous(space, AT, 3);
        assertThat(machine.count(Counter.AREA_CHANGE)).isEqualTo(1);
        assertThat(space.protect(at + PAGE, PAGE, PROT_READ)).isZero();
        assertThat(machine.count(Counter.AREA_CHANGE)).as("split twice").isEqualTo(3);
        assertThat(space.protect(at + PAGE, PAGE, RW)).isZero();
        assertThat(machine.count(Counter.AREA_CHANGE)).as("merged twice").isEqualTo(5);
        assertThat(space.protect(at, 3 * PAGE, PROT_READ)).isZero();
        assertThat(machine.count(Counter.AREA_CHANGE)).as("only its rights").isEqualTo(5);
        assertThat(space.unmap(at, 3 * PAGE)).isZero();
        assertThat(machine.count(Counter.AREA_CHANGE)).isEqualTo(6);
    }

    @Test
    void kernelsOwnAccesses_readNoEntries() {
        long at = mapAnonymous(space, AT, 1);
        store(at);
        machine.restartCounting();
        assertThat(space.user().physAddr(at, AccessType.LOAD)).isPositive();
        assertThat(machine.count(Counter.PTE_READ)).isZero();
    }
}
