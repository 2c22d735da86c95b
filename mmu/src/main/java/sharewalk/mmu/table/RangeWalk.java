package sharewalk.mmu.table;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.paging.PteFormat;

/// A pass over the leaves of a range of addresses, held ones included, in ascending order; shared subtrees are entered.
final class RangeWalk {
    private final PageTable table;
    private final TableContext context;
    private final PagingMode mode;
    private final PteFormat format;
    private final Position position;
    private final Consumer<Position> onLeaf;

    RangeWalk(PageTable table, TableAccounting accounting, Consumer<Position> onLeaf) {
        this.table = table;
        this.context = table.context();
        this.mode = context.mode();
        this.format = mode.format();
        this.position = new Position(table, accounting);
        this.onLeaf = onLeaf;
    }

    /// Passes over `[start, end)`.
    void run(long start, long end) {
        table.requireUserRange(start, end);
        run(table.rootPfn(), mode.rootLevel(), start, end, null);
    }

    private void run(long tablePfn, int level, long start, long end, @Nullable SharedSubtree below) {
        long next;
        for (long virtAddr = start; virtAddr < end; virtAddr = next) {
            next = Math.min(end, context.entryStart(virtAddr, level) + mode.coverageBytes(level));
            position.set(tablePfn, virtAddr, level, below);
            if (format.isTable(position.pte(), level)) {
                long child = format.pfn(position.pte());
                run(child, level - 1, virtAddr, next, below != null ? below : table.subtreeAt(virtAddr, child));
            } else if (position.holdsLeaf()) {
                next = Math.min(end, position.pageStart() + position.pageBytes());
                onLeaf.accept(position);
            }
        }
    }
}
