package sharewalk.experiment;

import java.util.List;

/// Tells mappings that guests share on purpose, memfds and what the sharing designs make of them, from all others. A
/// design whose tables belong to a process of the kernel's own shows them under a name of its own.
final class SharedRegions {
    private static final List<String> PARTS = List.of("memfd:", "mshare", "container", "sharefs", "[shared-pt shadow]");

    private SharedRegions() {}

    static boolean isRegion(String mapping) {
        return PARTS.stream().anyMatch(mapping::contains);
    }
}
