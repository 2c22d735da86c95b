package sharewalk.mmu.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.support.TestTables;
import sharewalk.mmu.table.TableModel.Leaf;
import sharewalk.mmu.walk.PageWalkCache;
import sharewalk.mmu.walk.PageWalker;
import sharewalk.mmu.walk.WalkMode;
import sharewalk.mmu.walk.WalkResult;
import sharewalk.mmu.walk.WalkerProfile;

/// A comparison of a table with what the model says it maps: as its cursor shows it, and as hardware finds it.
final class TableCheck {
    private static final WalkMode MODE = WalkMode.USER_MODE.with(WalkMode.PURE);

    private final TestTables machine;
    private final PteFormat format;
    private final PageWalker walker;
    private final WalkResult result = new WalkResult();

    TableCheck(TestTables machine) {
        this.machine = machine;
        this.format = machine.mode().format();
        PageWalkCache none = new PageWalkCache(WalkerProfile.NO_CACHES, machine.mode(), new HartSeed(1, 0));
        this.walker = PageWalker.of(machine.mode(), machine.memory(), none, Set.of());
    }

    void check(PageTable table, NavigableMap<Long, Leaf> expected) {
        checkCursor(table, expected);
        checkWalks(table, expected);
    }

    private void checkCursor(PageTable table, NavigableMap<Long, Leaf> expected) {
        NavigableMap<Long, Leaf> visited = new TreeMap<>();
        table.cursor()
                .forEachLeaf(
                        0, machine.mode().userEnd(), (virtAddr, pte, level) -> visited.put(virtAddr, leaf(pte, level)));
        assertThat(visited).isEqualTo(expected);
        for (long virtAddr : TableOperation.pages()) {
            long pte = table.cursor().pteAt(virtAddr);
            Map.Entry<Long, Leaf> nearest = expected.floorEntry(virtAddr);
            if (nearest == null || nearest.getKey() + nearest.getValue().sizeBytes() <= virtAddr) {
                assertThat(pte).as("entry for %#x", virtAddr).isZero();
            } else {
                int level = table.cursor().levelAt(virtAddr);
                assertThat(leaf(pte, level)).as("entry for %#x", virtAddr).isEqualTo(nearest.getValue());
            }
        }
    }

    private Leaf leaf(long pte, int level) {
        return new Leaf(format.leafPfn(pte, level), format.permissions(pte), format.isDirty(pte), level);
    }

    /// Walks to every page that is ever mapped, by every kind of access. Superpages' frames lie outside RAM: they are
    /// left out.
    private void checkWalks(PageTable table, NavigableMap<Long, Leaf> expected) {
        for (long virtAddr : TableOperation.pages()) {
            Map.Entry<Long, Leaf> nearest = expected.floorEntry(virtAddr);
            boolean mapped =
                    nearest != null && nearest.getKey() + nearest.getValue().sizeBytes() > virtAddr;
            if (!mapped) {
                walker.walk(table.rootPfn(), virtAddr, AccessType.LOAD, MODE, result);
                assertThat(result.isTranslated()).as("walk to %#x", virtAddr).isFalse();
            } else if (nearest.getValue().level() == 0) {
                check(table, virtAddr, nearest.getValue());
            }
        }
    }

    private void check(PageTable table, long virtAddr, Leaf leaf) {
        for (AccessType access : AccessType.values()) {
            boolean allowed = switch (access) {
                case LOAD -> leaf.permissions().read();
                case STORE -> leaf.permissions().write();
                case FETCH -> leaf.permissions().execute();
            };
            walker.walk(table.rootPfn(), virtAddr, access, MODE, result);
            assertThat(result.isTranslated()).as("%s at %#x", access, virtAddr).isEqualTo(allowed);
            if (allowed) {
                assertThat(result.physAddr()).as("frame at %#x", virtAddr).isEqualTo(leaf.pfn() << 12);
            }
        }
    }
}
