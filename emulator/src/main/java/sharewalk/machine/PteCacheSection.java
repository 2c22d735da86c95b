package sharewalk.machine;

import java.util.ArrayList;
import java.util.List;
import sharewalk.mmu.cache.PolicyKind;
import sharewalk.mmu.walk.PteCacheGeometry;
import sharewalk.yaml.Excerpt;

/// The section `pte-caches` of a profile: the data caches a walker reads through, nearest first.
final class PteCacheSection {
    /// What each cache says.
    static final List<String> KEYS = List.of("size", "ways", "policy", "shared");

    private static final int MOST_WAYS = 128;
    private static final int MOST_KIB = 1 << 20;

    private PteCacheSection() {}

    /// Returns the caches.
    static PteCacheGeometry read(List<SectionReader> sections) {
        List<PteCacheGeometry.Level> levels = new ArrayList<>();
        PteCacheGeometry geometry = new PteCacheGeometry(levels);
        for (SectionReader section : sections) {
            long bytes = section.figure("size", PteCacheSection::bytes);
            int ways = section.number("ways", 1, MOST_WAYS);
            PolicyKind policy = section.figure("policy", PolicyKind::parse);
            boolean shared = section.decision("shared");
            levels.add(section.checked(() -> new PteCacheGeometry.Level(bytes, ways, policy, shared)));
            geometry = section.checked(() -> new PteCacheGeometry(levels));
        }
        return geometry;
    }

    private static long bytes(String text) {
        if (text.matches("[0-9]{1,7}K")) {
            int kib = Integer.parseInt(text.substring(0, text.length() - 1));
            if (kib >= 1 && kib <= MOST_KIB) {
                return (long) kib << 10;
            }
        }
        throw new IllegalArgumentException("'%s' is no size from 1K to %dK".formatted(Excerpt.of(text), MOST_KIB));
    }
}
