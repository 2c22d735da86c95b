package sharewalk.mmu.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sharewalk.mmu.paging.Permissions.USER_READ;
import static sharewalk.mmu.paging.Permissions.USER_READ_EXECUTE;
import static sharewalk.mmu.paging.Permissions.USER_READ_WRITE;
import static sharewalk.mmu.support.TableAssert.assertThatTable;
import static sharewalk.mmu.support.TableAssert.page;
import static sharewalk.mmu.support.TableAssert.superpage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.memory.FrameBatch;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.support.TestTables;

class PageTableTest {
    private static final long MIB_2 = 2L << 20;
    private static final long GIB = 1L << 30;

    private TestTables machine = new TestTables(PagingMode.SV39, 256);
    private PageTable table = machine.newTable();

    private void use(PagingMode mode) {
        machine = new TestTables(mode, 256);
        table = machine.newTable();
    }

    @CanIgnoreReturnValue
    private PendingInvalidation redeemed(PendingInvalidation pending) {
        machine.redeem(pending);
        return pending;
    }

    @CanIgnoreReturnValue
    private PendingInvalidation map(long virtAddr, long pfn, Permissions permissions) {
        return redeemed(table.cursor().map(virtAddr, pfn, permissions, 0, false));
    }

    @ParameterizedTest
    @EnumSource
    void map_writesOneEntryPerLevelInTheHardwaresFormat(PagingMode mode) {
        use(mode);
        map(GIB + MIB_2 + 0x3000, 0x55, USER_READ_WRITE);

        long tablePfn = table.rootPfn();
        for (int level = mode.rootLevel(); level > 0; level--) {
            long pte = machine.memory().read64(tablePfn * 4096 + 8L * mode.index(GIB + MIB_2 + 0x3000, level));
            assertThat(mode.format().isTable(pte, level)).isTrue();
            tablePfn = mode.format().pfn(pte);
        }
        long leaf = machine.memory().read64(tablePfn * 4096 + 8 * 3);
        assertThat(leaf).isEqualTo(mode.format().leaf(0x55, USER_READ_WRITE, 0));
        assertThatTable(table).maps(page(GIB + MIB_2 + 0x3000, 0x55, USER_READ_WRITE));
        assertThat(table.tablePages()).isEqualTo(mode.levels());
    }

    @ParameterizedTest
    @EnumSource
    void frameAt_findsTheFrameWithinALeafOfAnySize(PagingMode mode) {
        use(mode);
        redeemed(table.cursor().map(GIB, 512, USER_READ_WRITE, 1, false));
        map(GIB + MIB_2 + 0x3000, 0x55, USER_READ);
        assertThat(table.cursor().frameAt(GIB + 0x1f_f123)).isEqualTo(512 + 511);
        assertThat(table.cursor().frameAt(GIB + MIB_2 + 0x3abc)).isEqualTo(0x55);
        assertThatThrownBy(() -> table.cursor().frameAt(0)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource
    void stride_isTheSmallestLeafThatWasChanged(PagingMode mode) {
        use(mode);
        redeemed(table.cursor().map(GIB, 512, USER_READ_WRITE, 1, false));
        map(GIB + MIB_2 + 0x3000, 0x55, USER_READ);
        PendingInvalidation large = table.cursor().clearRange(GIB, GIB + MIB_2, (_, _, _) -> {});
        assertThat(large.strideBytes()).isEqualTo(MIB_2);
        PendingInvalidation both =
                large.merge(table.cursor().clearRange(GIB + MIB_2, GIB + 2 * MIB_2, (_, _, _) -> {}));
        assertThat(both.strideBytes()).isEqualTo(4096);
        machine.redeem(both);
        assertThat(PendingInvalidation.NONE.strideBytes()).isEqualTo(4096);
    }

    @ParameterizedTest
    @EnumSource
    void map_tellsWhatTheChangeMakesStale(PagingMode mode) {
        use(mode);
        assertThat(map(0x1000, 7, USER_READ).kind()).isEqualTo(ChangeKind.ADDED);
        assertThat(map(0x1000, 7, USER_READ).kind()).isEqualTo(ChangeKind.NONE);
        assertThat(map(0x1000, 7, USER_READ_WRITE).kind()).isEqualTo(ChangeKind.PERMISSIONS_WIDENED);
        assertThat(map(0x1000, 7, USER_READ_EXECUTE).kind()).isEqualTo(ChangeKind.NARROWED_OR_REMOVED);
        assertThat(map(0x1000, 8, USER_READ_EXECUTE).kind()).isEqualTo(ChangeKind.NARROWED_OR_REMOVED);
        assertThat(map(0x1000, 8, Permissions.NONE).kind()).isEqualTo(ChangeKind.NARROWED_OR_REMOVED);
        assertThat(map(0x1000, 8, USER_READ).kind()).isEqualTo(ChangeKind.ADDED);
    }

    @ParameterizedTest
    @EnumSource
    void edit_ofAccessedAndDirtyOwesOnlyForALostDirtyBit(PagingMode mode) {
        use(mode);
        PteFormat format = mode.format();
        map(0x1000, 7, USER_READ_WRITE);
        TableCursor cursor = table.cursor();
        assertThat(redeemed(cursor.edit(0x1000, (_, pte, _) -> format.withDirty(pte)))
                        .kind())
                .isEqualTo(ChangeKind.NONE);
        assertThat(redeemed(cursor.edit(0x1000, (_, pte, _) -> format.withoutAccessed(pte)))
                        .kind())
                .isEqualTo(ChangeKind.NONE);
        assertThat(redeemed(cursor.edit(0x1000, (_, pte, _) -> format.withoutDirty(pte)))
                        .kind())
                .isEqualTo(ChangeKind.NARROWED_OR_REMOVED);
    }

    @ParameterizedTest
    @EnumSource
    void protectRange_toNoRightsKeepsTheFrameAndItsDirtyBit(PagingMode mode) {
        use(mode);
        PteFormat format = mode.format();
        redeemed(table.cursor().map(0x5000, 9, USER_READ_WRITE, 0, true));
        redeemed(table.cursor().protectRange(0, MIB_2, (_, pte, _) -> format.withPermissions(pte, Permissions.NONE)));
        long held = table.cursor().pteAt(0x5000);
        assertThat(format.isPresent(held)).isFalse();
        assertThatTable(table).maps(page(0x5000, 9, Permissions.NONE));

        redeemed(table.cursor().protectRange(0, MIB_2, (_, pte, _) -> format.withPermissions(pte, USER_READ_WRITE)));
        assertThatTable(table).maps(page(0x5000, 9, USER_READ_WRITE));
        assertThat(format.isDirty(table.cursor().pteAt(0x5000))).isTrue();
    }

    @Test
    void protectRange_namesOnlyThePagesItChanged() {
        for (int i = 0; i < 8; i++) {
            map(0x1000L * i, 0x40 + i, i == 3 || i == 5 ? USER_READ_WRITE : USER_READ);
        }
        PendingInvalidation pending = redeemed(table.cursor()
                .protectRange(0, 0x8000, (_, pte, _) -> machine.mode().format().withPermissions(pte, USER_READ)));
        assertThat(pending.kind()).isEqualTo(ChangeKind.NARROWED_OR_REMOVED);
        assertThat(pending.start()).isEqualTo(0x3000);
        assertThat(pending.end()).isEqualTo(0x6000);
        assertThat(pending.pages()).isEqualTo(2);
    }

    @Test
    void unmapRange_freesOnlyTheTablesWhollyInside() {
        map(0, 0x40, USER_READ);
        map(MIB_2, 0x41, USER_READ);
        map(2 * MIB_2, 0x42, USER_READ);
        assertThat(table.tablePages()).isEqualTo(5);

        List<Long> visited = new ArrayList<>();
        PendingInvalidation pending =
                redeemed(table.cursor().unmapRange(0, 2 * MIB_2 - 0x1000, (virtAddr, _, _) -> visited.add(virtAddr)));
        assertThat(visited).containsExactly(0L, MIB_2);
        assertThat(pending.kind()).isEqualTo(ChangeKind.TABLES_FREED);
        assertThat(table.tablePages()).isEqualTo(4);
        assertThatTable(table).maps(page(2 * MIB_2, 0x42, USER_READ));

        PendingInvalidation rest = redeemed(table.cursor().freeTables(MIB_2, 2 * MIB_2, MIB_2, 2 * MIB_2));
        assertThat(rest.includesTables()).isTrue();
        assertThat(table.tablePages()).isEqualTo(3);
    }

    @Test
    void clearRange_leavesTheTables() {
        map(0x1000, 0x40, USER_READ);
        assertThat(redeemed(table.cursor().clearRange(0, GIB, (_, _, _) -> {})).kind())
                .isEqualTo(ChangeKind.NARROWED_OR_REMOVED);
        assertThatTable(table).mapsNothing();
        assertThat(table.tablePages()).isEqualTo(3);
    }

    @Test
    void redeem_givesFramesBackAndNotBefore() {
        long pfn = machine.newFrame();
        map(0x1000, pfn, USER_READ);
        long used = machine.frames().usedFrames();

        FrameBatch batch = new FrameBatch();
        PendingInvalidation pending = table.cursor()
                .unmapRange(
                        0, GIB, (_, pte, _) -> batch.add(machine.mode().format().pfn(pte)))
                .releasing(batch);
        assertThat(machine.frames().usedFrames()).isEqualTo(used);
        assertThatThrownBy(() -> machine.context().ledger().requireEmpty())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("TABLES_FREED [0x0, 0x2000)");

        machine.redeem(pending);
        machine.context().ledger().requireEmpty();
        // The page, its level-0 and its level-1 table.
        assertThat(machine.frames().usedFrames()).isEqualTo(used - 3);
        assertThatThrownBy(() -> machine.redeem(pending)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void merge_makesOneDebtOfTwo() {
        map(0x1000, 0x40, USER_READ_WRITE);
        map(0x9000, 0x41, USER_READ);
        PendingInvalidation first = table.cursor().unmap(0x9000);
        PendingInvalidation both = first.merge(table.cursor().map(0x1000, 0x40, USER_READ, 0, false));
        assertThat(machine.context().ledger().outstanding()).isEqualTo(1);
        assertThat(both.affected()).containsExactly(new PendingInvalidation.AffectedRange(table, 0x1000, 0xa000));
        assertThat(both.pages()).isEqualTo(2);
        assertThat(PendingInvalidation.NONE.merge(both)).isSameAs(both);
        machine.redeem(both);
    }

    @Test
    void superpage_isChangedAsAWholeOrNotAtAll() {
        redeemed(table.cursor().map(MIB_2, 0x200, USER_READ_WRITE, 1, false));
        assertThatTable(table).maps(superpage(MIB_2, 0x200, USER_READ_WRITE, 1));
        assertThat(table.cursor().levelAt(MIB_2 + 0x5000)).isEqualTo(1);
        assertThatThrownBy(() -> table.cursor().unmapRange(MIB_2, MIB_2 + 0x1000, (_, _, _) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cuts the page of 2048 KiB");
        assertThatThrownBy(() -> table.cursor().map(MIB_2 + 0x1000, 3, USER_READ, 0, false))
                .isInstanceOf(IllegalStateException.class);
        PendingInvalidation pending = redeemed(table.cursor().unmapRange(MIB_2, 2 * MIB_2, (_, _, _) -> {}));
        assertThat(pending.pages()).isEqualTo(512);
        assertThatTable(table).mapsNothing();
    }

    @Test
    void map_ofASuperpageReplacesAnEmptyTable() {
        map(MIB_2, 0x40, USER_READ);
        assertThatThrownBy(() -> table.cursor().map(MIB_2, 0x200, USER_READ, 1, false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("smaller pages");
        redeemed(table.cursor().unmap(MIB_2));
        PendingInvalidation pending = redeemed(table.cursor().map(MIB_2, 0x200, USER_READ, 1, false));
        assertThat(pending.kind()).isEqualTo(ChangeKind.TABLES_FREED);
        assertThat(table.tablePages()).isEqualTo(2);
    }

    @Test
    void map_withoutRamLeavesEverythingAsItWas() {
        machine = new TestTables(PagingMode.SV39, 5);
        table = machine.newTable();
        map(0, 1, USER_READ);
        assertThatThrownBy(() -> table.cursor().map(GIB, 2, USER_READ, 0, false))
                .isInstanceOf(OutOfFramesException.class);
        machine.context().ledger().requireEmpty();
        assertThatTable(table).maps(page(0, 1, USER_READ));
    }

    @Test
    void map_refusesWhatIsNotOfTheUserHalfOrNotAligned() {
        TableCursor cursor = table.cursor();
        for (long wrong : new long[] {-0x1000, 1L << 38, 0x1800}) {
            assertThatThrownBy(() -> cursor.map(wrong, 1, USER_READ, 0, false))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> cursor.map(MIB_2, 0x201, USER_READ, 1, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void destroy_returnsEveryTablePageAndRefusesMappedPages() {
        map(0x1000, 0x40, USER_READ);
        map(5 * GIB, 0x41, USER_READ);
        redeemed(table.cursor().clearRange(0, GIB, (_, _, _) -> {}));
        PageTable full = machine.newTable();
        redeemed(full.cursor().map(0x3000, 0x42, USER_READ, 0, false));
        assertThatThrownBy(full::destroy)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0x3000");

        long others = full.tablePages();
        redeemed(table.cursor().unmap(5 * GIB));
        assertThat(redeemed(table.destroy()).kind()).isEqualTo(ChangeKind.TABLES_FREED);
        assertThat(machine.frames().usedFrames()).isEqualTo(others);
        assertThat(table.tablePages()).isZero();
    }
}
