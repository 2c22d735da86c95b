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
import sharewalk.mmu.table.SharedSubtree.Attachment;

class SharedSubtreeTest {
    private static final long GIB = 1L << 30;

    private final TestTables machine = new TestTables(PagingMode.SV39, 256);
    private final PageTable host = machine.newTable();
    private final PageTable first = machine.newTable();
    private final PageTable second = machine.newTable();

    /// Returns a subtree of 1 GiB, at 1 GiB in its host, at 4 GiB in the first table and at 5 GiB in the second.
    @CanIgnoreReturnValue
    private SharedSubtree shared() {
        SharedSubtree subtree = SharedSubtree.createHosted(host, 1);
        machine.redeem(host.cursor().attach(GIB, subtree));
        machine.redeem(first.cursor().attach(4 * GIB, subtree));
        machine.redeem(second.cursor().attach(5 * GIB, subtree));
        return subtree;
    }

    @Test
    void attach_letsEverySharerSeeTheHostsEntries() {
        SharedSubtree subtree = shared();
        machine.redeem(host.cursor().map(GIB + 0x7000, 0x40, USER_READ_WRITE, 0, false));

        assertThatTable(host).maps(page(GIB + 0x7000, 0x40, USER_READ_WRITE));
        assertThatTable(first).maps(page(4 * GIB + 0x7000, 0x40, USER_READ_WRITE));
        assertThatTable(second).maps(page(5 * GIB + 0x7000, 0x40, USER_READ_WRITE));
        assertThat(first.cursor().attachedAt(4 * GIB + 0x7000)).isSameAs(subtree);
        assertThat(first.cursor().attachedAt(5 * GIB)).isNull();
        assertThat(subtree.attachments())
                .containsExactly(
                        new Attachment(host, GIB), new Attachment(first, 4 * GIB), new Attachment(second, 5 * GIB));
        assertThat(subtree.sharers()).isEqualTo(2);
        assertThat(machine.frames().references(subtree.pfn())).isEqualTo(3);
    }

    @Test
    void tablesBelowASubtree_areCountedThereAndNotAtTheSharers() {
        List<String> account = new ArrayList<>();
        PageTable accounted = PageTable.create(machine.context(), new TableAccounting() {
            @Override
            public void tableAllocated(int level, long virtAddr) {
                account.add("+%d %#x".formatted(level, virtAddr));
            }

            @Override
            public void tableFreed(int level, long virtAddr) {
                account.add("-%d %#x".formatted(level, virtAddr));
            }

            @Override
            public void tableGivenAway(int level, long virtAddr) {}

            @Override
            public void tableTakenOver(int level, long virtAddr) {}

            @Override
            public void tableCopied(long virtAddr) {}

            @Override
            public void entriesRead(long virtAddr, int entries) {}

            @Override
            public void entryWritten(long virtAddr) {}
        });
        SharedSubtree subtree = SharedSubtree.createHosted(accounted, 1);
        machine.redeem(accounted.cursor().attach(GIB, subtree));
        machine.redeem(first.cursor().attach(GIB, subtree));
        machine.redeem(accounted.cursor().map(GIB + 0x7000, 0x40, USER_READ, 0, false));
        assertThat(accounted.tablePages()).isEqualTo(1);
        assertThat(first.tablePages()).isEqualTo(1);
        assertThat(subtree.tablePages()).isEqualTo(2);
        machine.redeem(accounted.cursor().unmapRange(GIB, 2 * GIB, (_, _, _) -> {}));
        assertThat(subtree.tablePages()).isEqualTo(1);
        assertThat(account).containsExactly("+2 0x0", "+1 0x0", "+0 0x40007000", "-0 0x40000000");
    }

    @Test
    void changeBelowASubtree_namesEverySharersAddresses() {
        SharedSubtree subtree = shared();
        machine.redeem(host.cursor().map(GIB + 0x7000, 0x40, USER_READ_WRITE, 0, false));
        PendingInvalidation pending = host.cursor()
                .protectRange(0, 2 * GIB, (_, pte, _) -> machine.mode().format().withPermissions(pte, USER_READ));
        assertThat(pending.subtrees()).containsExactly(subtree);
        assertThat(pending.affected())
                .containsExactly(
                        new AffectedRange(host, GIB + 0x7000, GIB + 0x8000),
                        new AffectedRange(first, 4 * GIB + 0x7000, 4 * GIB + 0x8000),
                        new AffectedRange(second, 5 * GIB + 0x7000, 5 * GIB + 0x8000));
        machine.redeem(pending);
        assertThatTable(second).maps(page(5 * GIB + 0x7000, 0x40, USER_READ));
    }

    @Test
    void sharer_mayNotChangeWhatItsHostMaps() {
        SharedSubtree subtree = shared();
        machine.redeem(host.cursor().map(GIB + 0x7000, 0x40, USER_READ, 0, false));
        TableCursor sharer = first.cursor();
        assertThatThrownBy(() -> sharer.map(4 * GIB, 0x41, USER_READ, 0, false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only its host");
        assertThatThrownBy(() -> sharer.unmap(4 * GIB + 0x7000)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sharer.unmapRange(0, 8 * GIB, (_, _, _) -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> sharer.attach(4 * GIB, SharedSubtree.createHosted(first, 0)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(subtree.sharers()).isEqualTo(2);
        assertThatTable(first).maps(page(4 * GIB + 0x7000, 0x40, USER_READ));
    }

    @Test
    void freeTables_ofASharerLeavesASharedSubtreeAlone() {
        shared();
        assertThat(first.cursor().freeTables(0, 8 * GIB, 0, 8 * GIB)).isSameAs(PendingInvalidation.NONE);
        assertThat(host.cursor().freeTables(0, 8 * GIB, 0, 8 * GIB)).isSameAs(PendingInvalidation.NONE);
        assertThat(first.cursor().attachedAt(4 * GIB)).isNotNull();
    }

    @Test
    void detach_owesForTheWholeWindowOfItsOwnTableOnly() {
        SharedSubtree subtree = shared();
        machine.redeem(host.cursor().map(GIB, 0x40, USER_READ, 0, false));
        PendingInvalidation pending = first.cursor().detach(4 * GIB);
        assertThat(pending.kind()).isEqualTo(ChangeKind.TABLES_FREED);
        assertThat(pending.affected()).containsExactly(new AffectedRange(first, 4 * GIB, 5 * GIB));
        machine.redeem(pending);
        assertThatTable(first).mapsNothing();
        assertThatTable(second).maps(page(5 * GIB, 0x40, USER_READ));
        assertThat(machine.frames().references(subtree.pfn())).isEqualTo(2);
        assertThatThrownBy(() -> first.cursor().detach(4 * GIB)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void host_detachesLast() {
        shared();
        assertThatThrownBy(() -> host.cursor().detach(GIB))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("still has sharers");
        assertThatThrownBy(host::destroy).isInstanceOf(IllegalStateException.class);

        machine.redeem(first.destroy());
        machine.redeem(second.destroy());
        machine.redeem(host.destroy());
        assertThat(machine.frames().usedFrames()).isZero();
    }

    @Test
    void lastDetach_freesTheSubtreeAndHandsOutItsLeaves() {
        SharedSubtree subtree = SharedSubtree.create(machine.context(), 0, TableAccounting.NONE);
        machine.redeem(first.cursor().attach(0, subtree));
        machine.redeem(second.cursor().attach(0, subtree));
        long pfn = machine.newFrame();
        machine.redeem(second.cursor().map(0x3000, pfn, USER_READ, 0, false));
        machine.redeem(first.cursor().detach(0));
        assertThatThrownBy(() -> second.cursor().attach(1L << 21, SharedSubtree.createHosted(host, 0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not attached to its host");

        FrameBatch batch = new FrameBatch();
        PendingInvalidation pending = second.cursor()
                .detach(0, (virtAddr, pte, _) -> {
                    assertThat(virtAddr).isEqualTo(0x3000);
                    batch.add(machine.mode().format().pfn(pte));
                })
                .releasing(batch);
        assertThat(machine.frames().references(subtree.pfn())).isEqualTo(1);
        machine.redeem(pending);
        assertThat(machine.frames().references(subtree.pfn())).isZero();
        assertThat(machine.frames().references(pfn)).isZero();
        assertThatThrownBy(() -> first.cursor().attach(0, subtree)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aSubtree_mayHangAtEveryLevelBelowTheRoot(PagingMode mode) {
        TestTables other = new TestTables(mode, 64);
        for (int level = 0; level < mode.rootLevel(); level++) {
            PageTable one = other.newTable();
            PageTable two = other.newTable();
            SharedSubtree subtree = SharedSubtree.create(other.context(), level, TableAccounting.NONE);
            long windowEnd = 2 * subtree.coverageBytes();
            other.redeem(one.cursor().attach(0, subtree));
            other.redeem(two.cursor().attach(subtree.coverageBytes(), subtree));
            other.redeem(two.cursor().map(windowEnd - 4096, 5, USER_READ, 0, false));
            assertThatTable(one).maps(page(subtree.coverageBytes() - 4096, 5, USER_READ));
        }
        assertThatThrownBy(() -> SharedSubtree.create(other.context(), mode.rootLevel(), TableAccounting.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void discard_freesASubtreeThatWasNeverAttached() {
        long used = machine.frames().usedFrames();
        SharedSubtree subtree = SharedSubtree.createHosted(host, 1);
        subtree.discard();
        assertThat(machine.frames().usedFrames()).isEqualTo(used);
        assertThatThrownBy(() -> host.cursor().attach(0, subtree)).isInstanceOf(IllegalStateException.class);
    }
}
