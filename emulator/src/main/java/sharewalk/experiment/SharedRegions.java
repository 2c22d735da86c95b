package sharewalk.experiment;

/// Tells mappings that guests share on purpose, memfds and regions of a sharing design, from all others.
final class SharedRegions {
    private SharedRegions() {}

    static boolean isRegion(String mapping) {
        return mapping.startsWith("/memfd:") || mapping.startsWith("memfd:") || mapping.contains("mshare");
    }
}
