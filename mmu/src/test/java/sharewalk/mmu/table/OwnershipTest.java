package sharewalk.mmu.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sharewalk.mmu.paging.Permissions.USER_READ;
import static sharewalk.mmu.paging.Permissions.USER_READ_WRITE;
import static sharewalk.mmu.support.TableAssert.assertThatTable;
import static sharewalk.mmu.support.TableAssert.page;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sharewalk.mmu.memory.FrameBatch;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.TestTables;
import sharewalk.mmu.table.PendingInvalidation.AffectedRange;

/// A table's own pages made shared subtrees, reclaimed, and left by copying.
class OwnershipTest {
    private static final long MIB_2 = 2L << 20;
    private static final long GIB = 1L << 30;

    private TestTables machine = new TestTables(PagingMode.SV39, 256);
    private PageTable first = machine.newTable();
    private PageTable second = machine.newTable();

    private void use(PagingMode mode) {
        machine = new TestTables(mode, 256);
        first = machine.newTable();
        second = machine.newTable();
    }

    @CanIgnoreReturnValue
    private long mapNewFrame(PageTable table, long virtAddr) {
        long pfn = machine.newFrame();
        machine.redeem(table.cursor().map(virtAddr, pfn, USER_READ_WRITE, 0, false));
        return pfn;
    }

    @CanIgnoreReturnValue
    private SharedSubtree shareWithSecond(long virtAddr) {
        SharedSubtree subtree = first.cursor().share(virtAddr, 0, TableAccounting.NONE);
        machine.redeem(second.cursor().attach(virtAddr & -MIB_2, subtree));
        return subtree;
    }

    @ParameterizedTest
    @EnumSource
    void share_changesNoTranslationAndOwesNothing(PagingMode mode) {
        use(mode);
        for (int level = 0; level < mode.rootLevel(); level++) {
            PageTable table = machine.newTable();
            machine.redeem(table.cursor().map(0x3000, 0x40, USER_READ_WRITE, 0, true));
            long pages = table.tablePages();
            SharedSubtree subtree = table.cursor().share(0x3000, level, TableAccounting.NONE);
            machine.context().ledger().requireEmpty();
            assertThat(subtree.tablePages()).isEqualTo(level + 1);
            assertThat(table.tablePages()).isEqualTo(pages - level - 1);
            assertThat(table.cursor().attachedAt(0)).isSameAs(subtree);
            assertThat(table.cursor().hasOwnTable(0x3000, level)).isFalse();
            assertThatTable(table).maps(page(0x3000, 0x40, USER_READ_WRITE));
            machine.redeem(table.cursor().reclaim(0));
            assertThat(table.tablePages()).isEqualTo(pages);
            assertThat(table.cursor().hasOwnTable(0x3000, level)).isTrue();
            machine.redeem(table.cursor().unmapRange(0, mode.userEnd(), (_, _, _) -> {}));
            assertThat(table.tablePages()).isEqualTo(1);
        }
    }

    @Test
    void share_wantsAnOwnPageWithNothingSharedBelow() {
        assertThatThrownBy(() -> first.cursor().share(0, 0, TableAccounting.NONE))
                .isInstanceOf(IllegalStateException.class);
        machine.redeem(first.cursor().map(0x3000, 0x40, USER_READ, 0, false));
        SharedSubtree subtree = first.cursor().share(0x3000, 0, TableAccounting.NONE);
        assertThatThrownBy(() -> first.cursor().share(0x3000, 0, TableAccounting.NONE))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> first.cursor().share(0x3000, 1, TableAccounting.NONE))
                .isInstanceOf(IllegalStateException.class);
        assertThat(subtree.attachments()).hasSize(1);
    }

    @Test
    void accounts_moveWithThePages_andNothingIsAllocatedOrFreed() {
        List<String> own = new ArrayList<>();
        List<String> shared = new ArrayList<>();
        PageTable table = PageTable.create(machine.context(), new ListedAccount(own));
        machine.redeem(table.cursor().map(GIB + 0x3000, 0x40, USER_READ, 0, false));
        own.clear();
        SharedSubtree subtree = table.cursor().share(GIB + 0x3000, 1, new ListedAccount(shared));
        assertThat(subtree.tablePages()).isEqualTo(2);
        assertThat(own).containsExactly("gave 1 0x40000000", "gave 0 0x40000000");
        assertThat(shared).containsExactly("took 1 0x40000000", "took 0 0x40000000");
        own.clear();
        shared.clear();
        machine.redeem(table.cursor().reclaim(GIB));
        assertThat(shared).containsExactly("gave 1 0x40000000", "gave 0 0x40000000");
        assertThat(own).containsExactly("took 1 0x40000000", "took 0 0x40000000");
    }

    @ParameterizedTest
    @EnumSource
    void unshareByCopy_changesNoTranslation_andLeavesTheOthersTheirPage(PagingMode mode) {
        use(mode);
        long pfn = mapNewFrame(first, 0x3000);
        SharedSubtree subtree = shareWithSecond(0x3000);
        PendingInvalidation pending = second.cursor().unshareByCopy(0, (_, pte, _) -> {
            machine.frames().retain(mode.format().pfn(pte));
            return pte;
        });
        assertThat(pending.kind()).isEqualTo(ChangeKind.TABLES_FREED);
        assertThat(pending.affected()).containsExactly(new AffectedRange(second, 0, MIB_2));
        machine.redeem(pending);
        assertThatTable(second).maps(page(0x3000, pfn, USER_READ_WRITE));
        assertThatTable(first).maps(page(0x3000, pfn, USER_READ_WRITE));
        assertThat(machine.frames().references(pfn)).isEqualTo(2);
        assertThat(subtree.attachments()).containsExactly(new SharedSubtree.Attachment(first, 0));
        assertThat(second.cursor().hasOwnTable(0, 0)).isTrue();

        machine.redeem(second.cursor().unmap(0x3000));
        assertThatTable(first).maps(page(0x3000, pfn, USER_READ_WRITE));
        assertThatThrownBy(() -> first.cursor().unshareByCopy(0, (_, pte, _) -> pte))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void unshareByCopy_countsEveryEntryReadAndThoseWritten() {
        List<String> events = new ArrayList<>();
        ListedAccount account = new ListedAccount(events);
        PageTable table = PageTable.create(machine.context(), account);
        mapNewFrame(first, 0x3000);
        mapNewFrame(first, 0x5000);
        machine.redeem(table.cursor().attach(0, first.cursor().share(0, 0, TableAccounting.NONE)));
        events.clear();
        account.reads = 0;
        account.writes = 0;
        machine.redeem(table.cursor().unshareByCopy(0, (virtAddr, pte, _) -> virtAddr == 0x5000 ? 0 : pte));
        assertThat(events).containsExactly("allocated 0 0x0", "copied 0x0");
        // 512 entries of the page, and two on the way to the pointer.
        assertThat(account.reads).isEqualTo(512 + 2);
        assertThat(account.writes).isEqualTo(1 + 1);
        assertThat(table.cursor().pteAt(0x5000)).isZero();
    }

    @Test
    void unshareByCopy_withoutRamChangesNothing() {
        mapNewFrame(first, 0x3000);
        shareWithSecond(0);
        while (machine.frames().freeFrames() > 0) {
            assertThat(machine.newFrame()).isPositive();
        }
        assertThatThrownBy(() -> second.cursor().unshareByCopy(0, (_, pte, _) -> pte))
                .isInstanceOf(OutOfFramesException.class);
        machine.context().ledger().requireEmpty();
        assertThat(second.cursor().attachedAt(0)).isNotNull();
        assertThat(second.cursor().pteAt(0x3000)).isNotZero();
    }

    @Test
    void unshareByCopy_keepsContiguousPagesWhole() {
        machine.redeem(first.cursor().mapContiguous(0x10000, 0x40, USER_READ_WRITE, false));
        shareWithSecond(0x10000);
        List<Long> asked = new ArrayList<>();
        machine.redeem(second.cursor().unshareByCopy(0, (virtAddr, pte, _) -> {
            asked.add(virtAddr);
            return machine.mode().format().withPermissions(pte, USER_READ);
        }));
        assertThat(asked).containsExactly(0x10000L);
        assertThatTable(second).maps(page(0x10000, 0x40, USER_READ));
        assertThat(machine.mode().format().isContiguous(second.cursor().pteAt(0x1f000), 0))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = PagingMode.class,
            names = {"X86_64_4LEVEL", "X86_64_5LEVEL"})
    void guard_takesTheRightToWriteFromAllWhoAttach_untilReclaimed(PagingMode mode) {
        use(mode);
        long pfn = mapNewFrame(first, 0x3000);
        SharedSubtree subtree = first.cursor().share(0x3000, 0, TableAccounting.NONE);
        PendingInvalidation guarded = first.cursor().guard(0);
        assertThat(guarded.kind()).isEqualTo(ChangeKind.NARROWED_OR_REMOVED);
        assertThat(guarded.affected()).containsExactly(new AffectedRange(first, 0, MIB_2));
        machine.redeem(guarded);
        machine.redeem(second.cursor().attach(0, subtree));
        assertThatTable(first).maps(page(0x3000, pfn, USER_READ));
        assertThatTable(second).maps(page(0x3000, pfn, USER_READ));
        assertThat(second.cursor().pteAt(0x3000)).matches(pte -> !mode.format().isWritable(pte));

        machine.redeem(second.cursor().detach(0));
        PendingInvalidation reclaimed = first.cursor().reclaim(0);
        assertThat(reclaimed.kind()).isEqualTo(ChangeKind.PERMISSIONS_WIDENED);
        machine.redeem(reclaimed);
        assertThatTable(first).maps(page(0x3000, pfn, USER_READ_WRITE));
    }

    @Test
    void guard_isRefusedWherePointersHaveNoRights() {
        mapNewFrame(first, 0x3000);
        SharedSubtree subtree = first.cursor().share(0x3000, 0, TableAccounting.NONE);
        assertThatThrownBy(() -> first.cursor().guard(0)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(subtree.isGuarded()).isFalse();
    }

    @Test
    void reclaim_waitsUntilTheOthersHaveLeft() {
        mapNewFrame(first, 0x3000);
        shareWithSecond(0);
        assertThatThrownBy(() -> first.cursor().reclaim(0)).isInstanceOf(IllegalStateException.class);
        machine.redeem(first.cursor().detach(0));
        machine.redeem(second.cursor().reclaim(0));
        FrameBatch batch = new FrameBatch();
        machine.redeem(second.cursor()
                .unmapRange(
                        0,
                        MIB_2,
                        (_, pte, _) -> batch.add(machine.mode().format().pfn(pte)))
                .releasing(batch));
        machine.redeem(first.destroy());
        machine.redeem(second.destroy());
        assertThat(machine.frames().usedFrames()).isZero();
    }

    @Test
    void debt_reachesSharersEvenIfTheChangedTableLeavesBeforeItIsPaid() {
        mapNewFrame(first, 0x3000);
        shareWithSecond(0);
        PendingInvalidation pending =
                first.cursor().unmap(0x3000).merge(first.cursor().detach(0));
        assertThat(pending.affected()).contains(new AffectedRange(second, 0, MIB_2));
        machine.redeem(pending);
    }

    /// An account as a list of what it was told of tables, and sums of the rest.
    private static final class ListedAccount implements TableAccounting {
        private final List<String> events;
        private long reads;
        private long writes;

        ListedAccount(List<String> events) {
            this.events = events;
        }

        @Override
        public void tableAllocated(int level, long virtAddr) {
            events.add("allocated %d %#x".formatted(level, virtAddr));
        }

        @Override
        public void tableFreed(int level, long virtAddr) {
            events.add("freed %d %#x".formatted(level, virtAddr));
        }

        @Override
        public void tableGivenAway(int level, long virtAddr) {
            events.add("gave %d %#x".formatted(level, virtAddr));
        }

        @Override
        public void tableTakenOver(int level, long virtAddr) {
            events.add("took %d %#x".formatted(level, virtAddr));
        }

        @Override
        public void tableCopied(long virtAddr) {
            events.add("copied %#x".formatted(virtAddr));
        }

        @Override
        public void entriesRead(long virtAddr, int entries) {
            reads += entries;
        }

        @Override
        public void entryWritten(long virtAddr) {
            writes++;
        }
    }
}
