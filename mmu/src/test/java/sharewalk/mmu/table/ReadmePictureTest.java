package sharewalk.mmu.table;

import static org.assertj.core.api.Assertions.assertThat;
import static sharewalk.mmu.paging.Permissions.USER_READ_WRITE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.support.TestTables;
import sharewalk.mmu.table.PendingInvalidation.AffectedRange;

/// The pictures of the module's README, built.
class ReadmePictureTest {
    private static final long VIRT_ADDR = 0x20_0000_1000L;
    private static final long WINDOW = 0x20_0000_0000L;
    private static final long HOST_WINDOW = 1L << 30;

    private final TestTables machine = new TestTables(PagingMode.SV39, 16);
    private long data;

    @BeforeEach
    void takeTheDataFrame() {
        data = machine.newFrame();
    }

    private void map(PageTable table, long virtAddr) {
        machine.redeem(table.cursor().map(virtAddr, data, USER_READ_WRITE, 0, false));
    }

    /// Returns the frames and indexes by which a table translates an address, and the frame they lead to.
    private List<String> path(PageTable table, long virtAddr) {
        PagingMode mode = machine.mode();
        List<String> path = new ArrayList<>();
        long pfn = table.rootPfn();
        for (int level = mode.rootLevel(); level >= 0; level--) {
            path.add("%#x [%d]".formatted(pfn, mode.index(virtAddr, level)));
            pfn = mode.format().pfn(machine.memory().read64(pfn * 4096 + 8L * mode.index(virtAddr, level)));
        }
        path.add("%#x".formatted(pfn));
        return path;
    }

    @Test
    void withoutSharing_everyProcessHasAPathOfItsOwn() {
        PageTable process7 = machine.newTable();
        map(process7, VIRT_ADDR);
        PageTable process8 = machine.newTable();
        map(process8, VIRT_ADDR);
        assertThat(path(process7, VIRT_ADDR)).containsExactly("0x2 [128]", "0x3 [0]", "0x4 [1]", "0x1");
        assertThat(path(process8, VIRT_ADDR)).containsExactly("0x5 [128]", "0x6 [0]", "0x7 [1]", "0x1");
        assertThat(process7.tablePages() + process8.tablePages()).isEqualTo(6);
    }

    @Test
    void withSharing_thePathsMeetBelowTheRoot() {
        PageTable host = machine.newTable();
        SharedSubtree subtree = SharedSubtree.createHosted(host, 1);
        machine.redeem(host.cursor().attach(HOST_WINDOW, subtree));
        PageTable process7 = machine.newTable();
        machine.redeem(process7.cursor().attach(WINDOW, subtree));
        PageTable process8 = machine.newTable();
        machine.redeem(process8.cursor().attach(WINDOW, subtree));
        map(host, HOST_WINDOW + 0x1000);

        assertThat(path(host, HOST_WINDOW + 0x1000)).containsExactly("0x2 [1]", "0x3 [0]", "0x6 [1]", "0x1");
        assertThat(path(process7, VIRT_ADDR)).containsExactly("0x4 [128]", "0x3 [0]", "0x6 [1]", "0x1");
        assertThat(path(process8, VIRT_ADDR)).containsExactly("0x5 [128]", "0x3 [0]", "0x6 [1]", "0x1");
        assertThat(machine.frames().references(subtree.pfn())).isEqualTo(3);

        PendingInvalidation pending = host.cursor().unmap(HOST_WINDOW + 0x1000);
        assertThat(pending.kind()).isEqualTo(ChangeKind.NARROWED_OR_REMOVED);
        assertThat(pending.affected())
                .containsExactly(
                        new AffectedRange(host, 0x40001000L, 0x40002000L),
                        new AffectedRange(process7, 0x2000001000L, 0x2000002000L),
                        new AffectedRange(process8, 0x2000001000L, 0x2000002000L));
        machine.redeem(pending);
    }
}
