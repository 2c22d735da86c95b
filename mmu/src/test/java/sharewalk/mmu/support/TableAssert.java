package sharewalk.mmu.support;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.table.PageTable;

/// Assertions on everything a table maps.
public final class TableAssert extends AbstractAssert<TableAssert, PageTable> {
    /// One mapped leaf.
    public record Mapped(long virtAddr, long pfn, Permissions permissions, int level) {
        @Override
        public String toString() {
            return "%#x -> frame %#x %s level %d".formatted(virtAddr, pfn, permissions, level);
        }
    }

    private TableAssert(PageTable actual) {
        super(actual, TableAssert.class);
    }

    public static TableAssert assertThatTable(PageTable table) {
        return new TableAssert(table);
    }

    /// Names a 4 KiB leaf.
    public static Mapped page(long virtAddr, long pfn, Permissions permissions) {
        return new Mapped(virtAddr, pfn, permissions, 0);
    }

    /// Names a leaf above level 0.
    public static Mapped superpage(long virtAddr, long pfn, Permissions permissions, int level) {
        return new Mapped(virtAddr, pfn, permissions, level);
    }

    /// Passes when the user half maps exactly these leaves, in this order.
    public TableAssert maps(Mapped... expected) {
        Assertions.assertThat(leavesOf(actual)).containsExactly(expected);
        return this;
    }

    /// Passes when the user half maps nothing.
    public TableAssert mapsNothing() {
        return maps();
    }

    /// Returns every leaf of the user half, held ones included, in ascending order of address.
    public static List<Mapped> leavesOf(PageTable table) {
        PteFormat format = table.context().mode().format();
        List<Mapped> leaves = new ArrayList<>();
        table.cursor()
                .forEachLeaf(
                        0,
                        table.context().mode().userEnd(),
                        (virtAddr, pte, level) -> leaves.add(
                                new Mapped(virtAddr, format.leafPfn(pte, level), format.permissions(pte), level)));
        return leaves;
    }
}
