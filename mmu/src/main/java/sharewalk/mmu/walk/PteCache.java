package sharewalk.mmu.walk;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.EntrySource;

/// The data caches that one hart's walker reads entries through: its own, and those it shares.
///
/// A line found in one is copied to those before it, a line found in none to all; a victim is dropped. They are neither
/// inclusive nor exclusive.
public final class PteCache {
    private static final EntrySource[] SOURCES = {EntrySource.L1, EntrySource.L2, EntrySource.L3};

    private final PteCaches machine;
    private final PteCacheLevel[] levels;

    /// How many of the levels, the first ones, are this hart's alone.
    private final int ownLevels;

    /// The walk cache that sees every write to an entry, if there is one.
    private @Nullable TableEntryCache snooping;

    PteCache(PteCaches machine, PteCacheLevel[] levels, int ownLevels) {
        this.machine = machine;
        this.levels = levels;
        this.ownLevels = ownLevels;
    }

    /// Makes a walk cache drop each entry that is written.
    void snoop(@Nullable TableEntryCache cache) {
        snooping = cache;
    }

    /// Fetches the line of an entry and returns where it was.
    EntrySource fetch(long entryAddress) {
        long line = PteCacheLevel.line(entryAddress);
        for (int i = 0; i < levels.length; i++) {
            if (levels[i].hit(line)) {
                for (int before = i - 1; before >= 0; before--) {
                    levels[before].fill(line);
                }
                return SOURCES[i];
            }
        }
        for (PteCacheLevel level : levels) {
            level.fill(line);
        }
        return EntrySource.MEMORY;
    }

    /// Writes an entry: its line comes to this hart and leaves what other harts have of their own.
    void store(long entryAddress) {
        machine.written(this, entryAddress);
    }

    void dropOwn(long entryAddress) {
        long line = PteCacheLevel.line(entryAddress);
        for (int i = 0; i < ownLevels; i++) {
            levels[i].drop(line);
        }
    }

    void dropSnooped(long entryAddress) {
        if (snooping != null) {
            snooping.drop(entryAddress);
        }
    }

    void dropSnoopedFrame(long pfn) {
        if (snooping != null) {
            snooping.dropFrame(pfn);
        }
    }
}
