package sharewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.StaleTranslation.Defect;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.support.TestTables;
import sharewalk.mmu.table.PageTable;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.walk.PageWalkCacheGeometry;

/// What a hart remembers after its tables were changed behind its back.
final class TranslationAuditTest {
    private static final long PAGE = 0x20_0000_1000L;
    private static final Permissions RW = Permissions.ofUser(true, true, false);

    private TestTables machine = new TestTables(PagingMode.SV39, 64);
    private PageTable table = machine.newTable();
    private Mmu mmu = mmu(MachineProfile.DEFAULT);
    private long pfn;

    private Mmu mmu(MachineProfile profile) {
        Mmu made = new Mmu(
                profile,
                machine.mode(),
                machine.memory(),
                new HartSeed(1, 0),
                QuietPageListener.NONE,
                QuietPageListener.NONE);
        made.setRoot(table.rootPfn(), 7);
        return made;
    }

    private void use(PagingMode paging, MachineProfile profile) {
        machine = new TestTables(paging, 64);
        table = machine.newTable();
        mmu = mmu(profile);
    }

    private void mapAndStore() {
        pfn = machine.newFrame();
        machine.redeem(table.cursor().map(PAGE, pfn, RW, 0, false));
        assertThat(mmu.translate(PAGE, AccessType.STORE)).isPositive();
    }

    private TranslationAudit audit() {
        return new TranslationAudit(mmu, machine.frames().table());
    }

    private void assertDefects(Defect... expected) {
        assertThat(audit().run()).extracting(StaleTranslation::defect).containsExactly(expected);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void nothingChanged_nothingIsStale(PagingMode paging) {
        use(paging, MachineProfile.DEFAULT);
        mapAndStore();
        assertDefects();
        TranslationAudit audit = audit();
        assertThat(audit.run()).isEmpty();
        assertThat(audit.compared()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void unmappedPage_isStaleInBothLevelsUntilInvalidated(PagingMode paging) {
        use(paging, MachineProfile.DEFAULT);
        mapAndStore();
        machine.redeem(table.cursor().unmap(PAGE));
        assertDefects(Defect.ABSENT, Defect.ABSENT);
        mmu.invalidate(new InvalidationScope.Page(7, PAGE, false), FlushCause.MUNMAP);
        assertDefects();
    }

    @Test
    void otherAddressSpaces_areLeftOutUntilTheyComeBack() {
        mapAndStore();
        machine.redeem(table.cursor().unmap(PAGE));
        mmu.setRoot(machine.newTable().rootPfn(), 8);
        assertDefects();
        mmu.setRoot(table.rootPfn(), 7);
        assertDefects(Defect.ABSENT, Defect.ABSENT);
    }

    @Test
    void anotherFrame_lessRights_aCleanEntry_aFreedFrame() {
        mapAndStore();
        long other = machine.newFrame();
        machine.redeem(table.cursor()
                .edit(
                        PAGE,
                        (virtAddr, pte, level) ->
                                machine.mode().format().withPermissions(pte, Permissions.ofUser(true, false, false))));
        assertDefects(Defect.MORE_RIGHTS, Defect.MORE_RIGHTS);
        machine.redeem(table.cursor().unmap(PAGE));
        machine.redeem(table.cursor().map(PAGE, other, RW, 0, true));
        assertDefects(Defect.OTHER_FRAME, Defect.OTHER_FRAME);
        machine.redeem(table.cursor().unmap(PAGE));
        machine.redeem(table.cursor().map(PAGE, pfn, RW, 0, false));
        assertDefects(Defect.DIRTY_AHEAD, Defect.DIRTY_AHEAD);
        machine.redeem(table.cursor().unmap(PAGE));
        machine.redeem(table.cursor().map(PAGE, pfn, RW, 0, true));
        machine.frames().release(pfn);
        assertDefects(Defect.FREE_FRAME, Defect.FREE_FRAME);
    }

    @ParameterizedTest
    @CsvSource({"SV39, 32/4", "X86_64_4LEVEL, 32/4/2", "SV39, physical:1x8:plru", "X86_64_4LEVEL, physical:1x24:lru"})
    void unlinkedTable_isStaleInTheWalkCacheUntilTablesAreInvalidated(PagingMode paging, String walkCache) {
        use(paging, MachineProfile.DEFAULT.withWalkCache(PageWalkCacheGeometry.parse(walkCache)));
        mapAndStore();
        machine.redeem(table.cursor().unmap(PAGE));
        machine.redeem(table.cursor().freeTables(PAGE, PAGE + 0x1000, 0, paging.userEnd()));
        assertThat(audit().run())
                .anyMatch(stale -> stale.holder().startsWith("walk cache") && stale.defect() == Defect.NO_TABLE);
        mmu.invalidate(new InvalidationScope.Page(7, PAGE, true), FlushCause.MUNMAP);
        assertDefects();
    }

    @Test
    void brokenUpSuperpage_isStaleIfOneOfItsPagesIsElsewhere() {
        long first = 512;
        machine = new TestTables(PagingMode.SV39, 2048);
        table = machine.newTable();
        mmu = mmu(MachineProfile.DEFAULT);
        for (int i = 0; i < 1600; i++) {
            assertThat(machine.newFrame()).isPositive();
        }
        long start = 0x20_0000_0000L;
        machine.redeem(table.cursor().map(start, first, RW, 1, true));
        assertThat(mmu.translate(start, AccessType.LOAD)).isPositive();
        machine.redeem(table.cursor().unmap(start));
        for (int i = 0; i < 512; i++) {
            long page = first + (i == 300 ? 1000 : i);
            machine.redeem(table.cursor().map(start + i * 4096L, page, RW, 0, true));
        }
        assertThat(audit().run())
                .isNotEmpty()
                .allSatisfy(stale -> assertThat(stale.virtAddr())
                        .isEqualTo(stale.holder().startsWith("walk") ? start : start + 300 * 4096L));
    }
}
