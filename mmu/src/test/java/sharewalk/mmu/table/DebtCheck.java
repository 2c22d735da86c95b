package sharewalk.mmu.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.table.TableModel.Leaf;

/// A comparison of a debt with what really became stale.
final class DebtCheck {
    private DebtCheck() {}

    /// Checks that the debt names every address whose translation became stale through any of the tables, and returns
    /// the gravest change of a leaf.
    static <V extends Map<Long, Leaf>> ChangeKind gravest(
            PendingInvalidation pending, List<PageTable> tables, List<V> before, List<V> after) {
        ChangeKind gravest = ChangeKind.NONE;
        for (int i = 0; i < tables.size(); i++) {
            gravest = gravest.and(gravest(pending, tables.get(i), before.get(i), after.get(i)));
        }
        return gravest;
    }

    private static ChangeKind gravest(
            PendingInvalidation pending, PageTable table, Map<Long, Leaf> before, Map<Long, Leaf> after) {
        Set<Long> addresses = new HashSet<>(before.keySet());
        addresses.addAll(after.keySet());
        ChangeKind gravest = ChangeKind.NONE;
        for (long virtAddr : addresses) {
            Leaf was = before.get(virtAddr);
            Leaf is = after.get(virtAddr);
            ChangeKind kind = TableModel.debt(was, is);
            if (kind != ChangeKind.NONE) {
                long end = virtAddr + Math.max(sizeBytes(was), sizeBytes(is));
                assertThat(pending.affected())
                        .as("ranges that cover %#x", virtAddr)
                        .anyMatch(range -> range.table() == table && range.start() <= virtAddr && range.end() >= end);
            }
            gravest = gravest.and(kind);
        }
        return gravest;
    }

    private static long sizeBytes(@Nullable Leaf leaf) {
        return leaf == null ? 0 : leaf.sizeBytes();
    }
}
