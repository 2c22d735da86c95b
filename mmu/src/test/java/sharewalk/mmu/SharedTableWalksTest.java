package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.mmu.paging.Permissions.USER_READ_WRITE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.EntrySource;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.TestTables;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.table.SharedSubtree;
import sharewalk.mmu.table.TableAccounting;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.walk.PageWalkCacheGeometry;
import sharewalk.mmu.walk.PteCacheGeometry;
import sharewalk.mmu.walk.PteCaches;

/// Two processes walk to the same page, through tables of their own or through one shared subtree: which entries the
/// second finds where the first has been.
final class SharedTableWalksTest {
    private static final long PAGE = 0x20_0000_1000L;
    private static final long WINDOW = 0x20_0000_0000L;

    private final Counters counters = new Counters();
    private TestTables machine = new TestTables(PagingMode.SV39, 64);
    private PteCaches caches = PteCaches.of(PteCacheGeometry.NONE, 1, 1);

    private List<Mmu> harts(PagingMode paging, int harts, String walkCache, String pteCaches) {
        machine = new TestTables(paging, 64);
        caches = PteCaches.of(PteCacheGeometry.parse(pteCaches), harts, 1);
        List<Mmu> made = new ArrayList<>();
        for (int hart = 0; hart < harts; hart++) {
            Mmu mmu = new Mmu(
                    MachineProfile.DEFAULT.withWalkCache(PageWalkCacheGeometry.parse(walkCache)),
                    paging,
                    machine.memory(),
                    new HartSeed(1, hart),
                    QuietPageListener.NONE,
                    QuietPageListener.NONE);
            mmu.readEntriesThrough(caches.ofHart(hart));
            mmu.chargeTo(CounterMap.all(counters));
            made.add(mmu);
        }
        return made;
    }

    private List<PageTable> separateTables() {
        long data = machine.newFrame();
        List<PageTable> tables = List.of(machine.newTable(), machine.newTable());
        tables.forEach(table -> machine.redeem(table.cursor().map(PAGE, data, USER_READ_WRITE, 0, false)));
        return tables;
    }

    private List<PageTable> sharingTables() {
        SharedSubtree subtree = SharedSubtree.create(machine.context(), 1, TableAccounting.NONE);
        List<PageTable> tables = List.of(machine.newTable(), machine.newTable());
        tables.forEach(table -> machine.redeem(table.cursor().attach(WINDOW, subtree)));
        machine.redeem(tables.getFirst().cursor().map(PAGE, machine.newFrame(), USER_READ_WRITE, 0, false));
        return tables;
    }

    private static List<EntrySource> load(Mmu mmu, PageTable table, int asid) {
        mmu.setRoot(table.rootPfn(), asid);
        assertThat(mmu.translate(PAGE, AccessType.LOAD)).isPositive();
        List<EntrySource> sources = new ArrayList<>();
        for (int i = 0; i < mmu.lastWalk().steps(); i++) {
            sources.add(mmu.lastWalk().source(i));
        }
        return sources;
    }

    @Test
    void separateTables_areColdForTheSecondProcess() {
        Mmu mmu = harts(PagingMode.SV39, 1, "none", "2K/8+8K/16").getFirst();
        List<PageTable> tables = separateTables();
        assertThat(load(mmu, tables.getFirst(), 1)).containsOnly(EntrySource.MEMORY);
        assertThat(load(mmu, tables.getLast(), 2)).containsOnly(EntrySource.MEMORY);
        assertThat(counters.get(Counter.PTE_FOUND_MEMORY))
                .isEqualTo(counters.get(Counter.WALK_STEP))
                .isEqualTo(6);
    }

    @Test
    void sharedTables_areWarmForTheSecondProcessBelowItsRoot() {
        Mmu mmu = harts(PagingMode.SV39, 1, "none", "2K/8+8K/16").getFirst();
        List<PageTable> tables = sharingTables();
        assertThat(load(mmu, tables.getFirst(), 1)).containsOnly(EntrySource.MEMORY);
        assertThat(load(mmu, tables.getLast(), 2)).containsExactly(EntrySource.MEMORY, EntrySource.L1, EntrySource.L1);
    }

    @Test
    void sharedTables_areFoundInTheSharedCacheByAnotherHart() {
        List<Mmu> harts = harts(PagingMode.SV39, 2, "none", "2K/8+4K/8+16K/16:shared");
        List<PageTable> tables = sharingTables();
        assertThat(load(harts.getFirst(), tables.getFirst(), 1)).containsOnly(EntrySource.MEMORY);
        assertThat(load(harts.getLast(), tables.getLast(), 2))
                .containsExactly(EntrySource.MEMORY, EntrySource.L3, EntrySource.L3);
    }

    @ParameterizedTest
    @EnumSource
    void walkCacheByPhysicalAddress_servesBothProcessesBelowASharedTable(PagingMode paging) {
        Mmu mmu = harts(paging, 1, "physical:8", "none").getFirst();
        List<PageTable> tables = sharingTables();
        assertThat(load(mmu, tables.getFirst(), 1)).containsOnly(EntrySource.MEMORY);
        List<EntrySource> second = load(mmu, tables.getLast(), 2);
        // The subtree's top page is of level 1; only its entry, and none of the second process's own, is there.
        assertThat(second)
                .hasSize(paging.levels())
                .filteredOn(EntrySource.WALK_CACHE::equals)
                .hasSize(1);
        assertThat(second.get(paging.levels() - 2)).isEqualTo(EntrySource.WALK_CACHE);
    }

    @Test
    void walkCacheByPhysicalAddress_servesNobodyElseOverSeparateTables() {
        Mmu mmu = harts(PagingMode.SV39, 1, "physical:8", "none").getFirst();
        List<PageTable> tables = separateTables();
        assertThat(load(mmu, tables.getFirst(), 1)).containsOnly(EntrySource.MEMORY);
        assertThat(load(mmu, tables.getLast(), 2)).containsOnly(EntrySource.MEMORY);
    }

    @Test
    void walkCacheByAddressSpace_servesOneProcessOnly() {
        Mmu mmu = harts(PagingMode.SV39, 1, "4/4", "none").getFirst();
        List<PageTable> tables = sharingTables();
        assertThat(load(mmu, tables.getFirst(), 1)).hasSize(3);
        assertThat(load(mmu, tables.getLast(), 2)).hasSize(3);
    }

    @Test
    void writeByOneHart_leavesTheOthersTheSharedCopy() {
        List<Mmu> harts = harts(PagingMode.SV39, 2, "none", "2K/8+4K/8+16K/16:shared");
        List<PageTable> tables = sharingTables();
        assertThat(load(harts.getFirst(), tables.getFirst(), 1)).hasSize(3);
        caches.softwareRunsOn(() -> 1);
        caches.entryWritten(harts.getFirst().lastWalk().entryAddress(2));
        harts.getFirst().invalidate(new InvalidationScope.All(), FlushCause.OTHER);
        assertThat(load(harts.getFirst(), tables.getFirst(), 1))
                .containsExactly(EntrySource.L1, EntrySource.L1, EntrySource.L3);
        assertThat(load(harts.getLast(), tables.getLast(), 2))
                .containsExactly(EntrySource.MEMORY, EntrySource.L3, EntrySource.L1);
    }

    @Test
    void walkerThatSetsDirty_takesTheLineFromOtherHarts() {
        List<Mmu> harts = harts(PagingMode.SV39, 2, "none", "2K/8");
        List<PageTable> tables = sharingTables();
        assertThat(load(harts.getFirst(), tables.getFirst(), 1)).hasSize(3);
        harts.getLast().setRoot(tables.getLast().rootPfn(), 2);
        assertThat(harts.getLast().translate(PAGE, AccessType.STORE)).isPositive();
        harts.getFirst().invalidate(new InvalidationScope.All(), FlushCause.OTHER);
        assertThat(load(harts.getFirst(), tables.getFirst(), 1))
                .containsExactly(EntrySource.L1, EntrySource.L1, EntrySource.MEMORY);
    }

    @Test
    void newTablePage_isWarmForItsMaker() {
        Mmu mmu = harts(PagingMode.SV39, 1, "none", "16K/4").getFirst();
        List<PageTable> tables = separateTables();
        caches.tableZeroed(tables.getFirst().rootPfn());
        assertThat(load(mmu, tables.getFirst(), 1))
                .containsExactly(EntrySource.L1, EntrySource.MEMORY, EntrySource.MEMORY);
    }

    @Test
    void faultingWalk_fetchesTheEntriesItReads() {
        Mmu mmu = harts(PagingMode.SV39, 1, "none", "2K/8").getFirst();
        List<PageTable> tables = separateTables();
        mmu.setRoot(tables.getFirst().rootPfn(), 1);
        assertThat(mmu.translate(PAGE + 0x1000, AccessType.LOAD)).isNegative();
        assertThat(counters.get(Counter.PTE_FOUND_MEMORY)).isEqualTo(3);
        assertThat(mmu.translate(PAGE + 0x1000, AccessType.LOAD)).isNegative();
        assertThat(counters.get(Counter.PTE_FOUND_L1)).isEqualTo(3);
        // The neighbour lies in the same line.
        assertThat(load(mmu, tables.getFirst(), 1)).containsOnly(EntrySource.L1);
    }

    @ParameterizedTest
    @EnumSource
    void looking_leavesNoTrace(PagingMode paging) {
        Mmu mmu = harts(paging, 1, "physical:8", "2K/8").getFirst();
        List<PageTable> tables = separateTables();
        mmu.setRoot(tables.getFirst().rootPfn(), 1);
        assertThat(mmu.peek(PAGE, AccessType.LOAD)).isPositive();
        assertThat(load(mmu, tables.getFirst(), 1)).containsOnly(EntrySource.MEMORY);
    }

    @Test
    void breakdown_addsUpToTheCounters() {
        Mmu mmu = harts(PagingMode.X86_64_4LEVEL, 1, "4/2", "2K/8").getFirst();
        List<PageTable> tables = sharingTables();
        for (int i = 0; i < 3; i++) {
            load(mmu, tables.get(i % 2), 1 + i % 2);
            mmu.setRoot(tables.getFirst().rootPfn(), 1);
            assertThat(mmu.translate(PAGE + (1 + i) * 0x1000L, AccessType.LOAD)).isNegative();
        }
        long steps = 0;
        for (int level = 0; level < 4; level++) {
            steps += mmu.walkBreakdown().steps(level);
            assertThat(mmu.walkBreakdown().steps(level) + mmu.walkBreakdown().get(level, EntrySource.WALK_CACHE))
                    .isEqualTo(counters.get(Counter.WALK));
        }
        assertThat(steps)
                .isEqualTo(counters.get(Counter.WALK_STEP))
                .isEqualTo(counters.get(Counter.PTE_FOUND_L1) + counters.get(Counter.PTE_FOUND_MEMORY));
    }
}
