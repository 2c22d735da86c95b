package sharewalk.mmu.walk;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The shape of a page-walk cache, of which there are two kinds.
public sealed interface PageWalkCacheGeometry {
    /// No walk cache: every walk reads every level.
    PageWalkCacheGeometry NONE = new Translations(List.of());

    /// Caches of partial translations, one for each level of table, as Intel documents them: found by address space
    /// and address, so that the lowest one that hits stands for all levels above it (SDM 3A 4.10.3). Written with
    /// slashes from level 1 up: `32/4` keeps 32 level-1 entries (x86: PDEs) and 4 level-2 entries (PDPTEs),
    /// `8x4:plru/4` has 8 sets of 4 ways for the former.
    record Translations(List<WalkCacheArray> byLevel) implements PageWalkCacheGeometry {
        private static final int MOST_LEVELS = 4;

        public Translations {
            byLevel = List.copyOf(byLevel);
            if (byLevel.size() > MOST_LEVELS) {
                throw new IllegalArgumentException("a walk cache has at most " + MOST_LEVELS + " levels");
            }
        }

        /// Returns the array for `level`, without entries where nothing is kept.
        public WalkCacheArray array(int level) {
            return level >= 1 && level <= byLevel.size() ? byLevel.get(level - 1) : WalkCacheArray.fullyAssociative(0);
        }

        @Override
        public String toString() {
            return byLevel.isEmpty()
                    ? "none"
                    : byLevel.stream().map(WalkCacheArray::toString).collect(Collectors.joining("/"));
        }
    }

    /// A cache of table entries of every level but 0, found by where the entry lies in memory, as AMD's before Zen
    /// (the unified page table cache of Barr, Cox and Rixner, "Translation Caching: Skip, Don't Walk (the Page
    /// Table)", ISCA 2010) and Rocket's and BOOM's (rocket-chip, `PTW.scala`). A walk goes through every level and
    /// reads those that it does not hold. Written `physical:24` or `physical:1x8:plru`.
    record Entries(WalkCacheArray array) implements PageWalkCacheGeometry {
        private static final String PREFIX = "physical:";

        public Entries {
            if (array.entries() == 0) {
                throw new IllegalArgumentException("a walk cache without entries is 'none'");
            }
        }

        @Override
        public String toString() {
            return PREFIX + array;
        }
    }

    /// Returns fully associative LRU caches of partial translations of the given sizes, from level 1 up.
    static PageWalkCacheGeometry of(Integer... entriesByLevel) {
        return new Translations(Arrays.stream(entriesByLevel)
                .map(WalkCacheArray::fullyAssociative)
                .toList());
    }

    /// Returns the geometry written as `text`, or none for `none`.
    static PageWalkCacheGeometry parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        if (text.startsWith(Entries.PREFIX)) {
            return new Entries(WalkCacheArray.parse(text.substring(Entries.PREFIX.length())));
        }
        return new Translations(
                Arrays.stream(text.split("/", -1)).map(WalkCacheArray::parse).toList());
    }
}
