package sharewalk.mmu.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.paging.PteFormat;
import sharewalk.mmu.support.TestTables;

/// The frames that can be reached from some roots, found by reading every entry in memory.
final class ReachableFrames {
    private final TestTables machine;
    private final PteFormat format;

    /// By table page, the number of roots and entries that point at it.
    private final Map<Long, Integer> tablePages = new HashMap<>();

    /// By frame of data, the number of leaves that map it.
    private final Map<Long, Integer> dataFrames = new HashMap<>();

    ReachableFrames(TestTables machine, Iterable<PageTable> tables) {
        this.machine = machine;
        this.format = machine.mode().format();
        for (PageTable table : tables) {
            enter(table.rootPfn(), machine.mode().rootLevel());
        }
    }

    /// Returns the table pages.
    Set<Long> tablePages() {
        return tablePages.keySet();
    }

    /// Returns how many entries point at a table page.
    int pointersTo(long tablePfn) {
        return tablePages.getOrDefault(tablePfn, 0);
    }

    /// Checks that each frame is what it is used as, has as many references as there are ways to it, and that no other
    /// frame is in use.
    void check() {
        tablePages.forEach((pfn, pointers) -> assertThat(machine.frames().references(pfn))
                .as("references of table page %#x", pfn)
                .isEqualTo(pointers));
        dataFrames.forEach((pfn, leaves) -> {
            assertThat(machine.frames().table().use(pfn))
                    .as("use of frame %#x", pfn)
                    .isEqualTo(FrameUse.DATA);
            assertThat(machine.frames().references(pfn))
                    .as("references of frame %#x", pfn)
                    .isEqualTo(leaves);
        });
        assertThat(machine.frames().usedFrames())
                .as("frames used, against frames reachable")
                .isEqualTo(tablePages.size() + dataFrames.size());
    }

    private void enter(long tablePfn, int level) {
        FrameTable frames = machine.frames().table();
        assertThat(frames.use(tablePfn)).as("use of frame %#x", tablePfn).isEqualTo(FrameUse.TABLE);
        assertThat(frames.level(tablePfn)).as("level of frame %#x", tablePfn).isEqualTo(level);
        if (tablePages.merge(tablePfn, 1, Integer::sum) > 1) {
            return;
        }
        for (int index = 0; index < machine.mode().entriesPerTable(); index++) {
            long pte = machine.memory().read64(tablePfn * 4096 + 8L * index);
            if (format.isTable(pte, level)) {
                enter(format.pfn(pte), level - 1);
            } else if (format.holdsLeaf(pte, level) && format.leafPfn(pte, level) < frames.frames()) {
                dataFrames.merge(format.leafPfn(pte, level), 1, Integer::sum);
            }
        }
    }
}
