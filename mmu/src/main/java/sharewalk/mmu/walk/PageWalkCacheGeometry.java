package sharewalk.mmu.walk;

import java.util.ArrayList;
import java.util.List;

/// The number of table entries a walk cache holds for each level, from level 1 up: `32/4` keeps 32 level-1 entries
/// (x86: PDEs) and 4 level-2 entries (PDPTEs). Each level is fully associative with LRU replacement.
public record PageWalkCacheGeometry(List<Integer> entriesByLevel) {
    /// No walk cache: every walk reads every level.
    public static final PageWalkCacheGeometry NONE = new PageWalkCacheGeometry(List.of());

    private static final int MOST_LEVELS = 4;
    private static final int MOST_ENTRIES = 1 << 16;

    public PageWalkCacheGeometry {
        entriesByLevel = List.copyOf(entriesByLevel);
        if (entriesByLevel.size() > MOST_LEVELS) {
            throw new IllegalArgumentException("a walk cache has at most " + MOST_LEVELS + " levels");
        }
        for (int entries : entriesByLevel) {
            if (entries < 0 || entries > MOST_ENTRIES) {
                throw new IllegalArgumentException(
                        "a walk cache holds 0 to " + MOST_ENTRIES + " entries per level, not " + entries);
            }
        }
    }

    /// Returns the geometry of the given sizes, from level 1 up.
    public static PageWalkCacheGeometry of(Integer... entriesByLevel) {
        return new PageWalkCacheGeometry(List.of(entriesByLevel));
    }

    /// Returns the geometry written as `text`: sizes from level 1 up with slashes between, or `none`.
    public static PageWalkCacheGeometry parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        if (!text.matches("[0-9]{1,6}(/[0-9]{1,6})*")) {
            throw new IllegalArgumentException(
                    "walk cache '" + text + "' is neither 'none' nor sizes from level 1 up, for example 32/4");
        }
        List<Integer> sizes = new ArrayList<>();
        for (String size : text.split("/", -1)) {
            sizes.add(Integer.valueOf(size));
        }
        return new PageWalkCacheGeometry(sizes);
    }

    /// Returns the number of entries kept for `level`.
    public int entries(int level) {
        return level >= 1 && level <= entriesByLevel.size() ? entriesByLevel.get(level - 1) : 0;
    }

    @Override
    public String toString() {
        if (entriesByLevel.isEmpty()) {
            return "none";
        }
        StringBuilder text = new StringBuilder();
        for (int entries : entriesByLevel) {
            text.append(text.isEmpty() ? "" : "/").append(entries);
        }
        return text.toString();
    }
}
