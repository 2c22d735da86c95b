package sharewalk.kernel.mm;

/// The addresses `[start, end)` of one VMA and the name under which events there are reported.
public record MappingRange(long start, long end, String label) {}
