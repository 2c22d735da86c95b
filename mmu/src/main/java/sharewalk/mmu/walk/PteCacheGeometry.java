package sharewalk.mmu.walk;

import java.util.List;

/// The data caches that a walker reads entries through, nearest first.
public record PteCacheGeometry(List<Level> levels) {
    /// No caches: every entry comes from memory.
    public static final PteCacheGeometry NONE = new PteCacheGeometry(List.of());

    /// One cache.
    ///
    /// @param shared by all harts, instead of one for each
    public record Level(long sizeBytes, int ways, boolean shared) {}

    public PteCacheGeometry {
        levels = List.copyOf(levels);
    }
}
