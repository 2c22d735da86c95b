package sharewalk.mmu.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.support.TestTables;

/// Which entries a table's account is told of.
final class EntryAccountTest {
    private static final Permissions USER = Permissions.ofUser(true, true, false);
    private static final long PAGE = PagingMode.PAGE_BYTES;
    private static final long AT = 0x4000_0000L;

    private final TestTables machine = new TestTables(PagingMode.SV39, 64);
    private final Account account = new Account();
    private final PageTable table = PageTable.create(machine.context(), account);

    private static final class Account implements TableAccounting {
        private long reads;
        private long writes;

        @Override
        public void tableAllocated(int level, long virtAddr) {}

        @Override
        public void tableFreed(int level, long virtAddr) {}

        @Override
        public void tableGivenAway(int level, long virtAddr) {}

        @Override
        public void tableTakenOver(int level, long virtAddr) {}

        @Override
        public void tableCopied(long virtAddr) {}

        @Override
        public void entriesRead(long virtAddr, int entries) {
            reads += entries;
        }

        @Override
        public void entryWritten(long virtAddr) {
            writes++;
        }

        private void restart() {
            reads = 0;
            writes = 0;
        }
    }

    @BeforeEach
    void restart() {
        account.restart();
    }

    private void map(long virtAddr, long pages) {
        for (long page = 0; page < pages; page++) {
            machine.redeem(table.cursor().map(virtAddr + page * PAGE, 0x30 + page, USER, 0, false));
        }
    }

    @Test
    void firstPage_readsAndWritesOneEntryAtEachLevel() {
        map(AT, 1);
        assertThat(account.reads).isEqualTo(3);
        assertThat(account.writes).isEqualTo(3);
    }

    @Test
    void neighbour_writesItsOwnEntryOnly() {
        map(AT, 1);
        account.restart();
        map(AT + PAGE, 1);
        assertThat(account.reads).isEqualTo(3);
        assertThat(account.writes).isEqualTo(1);
    }

    @Test
    void lookingUp_readsDownToTheAbsentEntry() {
        long _ = table.cursor().pteAt(AT);
        assertThat(account.reads).isEqualTo(1);
        map(AT, 1);
        account.restart();
        long _ = table.cursor().pteAt(AT);
        assertThat(account.reads).isEqualTo(3);
        assertThat(account.writes).isZero();
    }

    @Test
    void passOverARange_readsAbsentEntriesTooAndWritesPresentOnes() {
        map(AT, 2);
        account.restart();
        machine.redeem(table.cursor().clearRange(AT, AT + 16 * PAGE, (_, _, _) -> {}));
        assertThat(account.reads).isEqualTo(2 + 16);
        assertThat(account.writes).isEqualTo(2);
    }

    @Test
    void unchangedLeaves_areNotWritten() {
        map(AT, 2);
        account.restart();
        machine.redeem(table.cursor().protectRange(AT, AT + 2 * PAGE, (_, pte, _) -> pte));
        assertThat(account.writes).isZero();
    }

    @Test
    void unlinkedTables_areOneWriteEach() {
        map(AT, 1);
        machine.redeem(table.cursor().clearRange(AT, AT + PAGE, (_, _, _) -> {}));
        account.restart();
        machine.redeem(
                table.cursor().freeTables(AT, AT + PAGE, 0, machine.mode().userEnd()));
        assertThat(account.writes).isEqualTo(2);
        assertThat(account.reads).isEqualTo(2);
    }

    @Test
    void endOfATable_clearsWhatIsLeft() {
        map(AT, 1);
        machine.redeem(table.cursor().clearRange(AT, AT + PAGE, (_, _, _) -> {}));
        account.restart();
        machine.redeem(table.destroy());
        assertThat(account.writes).isEqualTo(2);
    }

    @Test
    void hardwareCursor_isOnNoAccount() {
        map(AT, 1);
        account.restart();
        long _ = table.hardwareCursor().pteAt(AT);
        machine.redeem(table.hardwareCursor()
                .edit(AT, (_, pte, _) -> machine.mode().format().withDirty(pte)));
        assertThat(account.reads).isZero();
        assertThat(account.writes).isZero();
    }
}
