package sharewalk.experiment;

import java.util.ArrayList;
import java.util.List;
import sharewalk.mmu.count.EntrySource;
import sharewalk.mmu.count.WalkBreakdown;

/// Where the entries of one level of table were found that walks needed, in a whole run.
///
/// @param level of the table; 0 maps 4 KiB pages
/// @param walkCache entries that were not read because a walk cache held or skipped them
/// @param l1 entries read from the first data cache; so the others
public record WalkLevel(int level, long walkCache, long l1, long l2, long l3, long memory) {
    /// Returns the levels of a paging mode with the given root level, the root first.
    static List<WalkLevel> of(WalkBreakdown counts, int rootLevel) {
        List<WalkLevel> levels = new ArrayList<>();
        for (int level = rootLevel; level >= 0; level--) {
            levels.add(new WalkLevel(
                    level,
                    counts.get(level, EntrySource.WALK_CACHE),
                    counts.get(level, EntrySource.L1),
                    counts.get(level, EntrySource.L2),
                    counts.get(level, EntrySource.L3),
                    counts.get(level, EntrySource.MEMORY)));
        }
        return List.copyOf(levels);
    }

    /// Returns the number of entries that were read.
    public long steps() {
        return l1 + l2 + l3 + memory;
    }
}
