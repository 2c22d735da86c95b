package sharewalk.mmu.walk;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sharewalk.mmu.cache.PolicyKind;

/// The data caches that walkers read entries through, nearest first, written `32K/8+1M/16+32M/16:shared`: size and
/// ways of each, then a replacement policy unless it is LRU, then whether all harts share it. Lines have 64 bytes.
public record PteCacheGeometry(List<Level> levels) {
    /// The bytes of a line, which is fetched and dropped whole.
    public static final int LINE_BYTES = 64;

    /// No caches: every entry comes from memory.
    public static final PteCacheGeometry NONE = new PteCacheGeometry(List.of());

    private static final int MOST_LEVELS = 3;
    private static final long MOST_BYTES = 1L << 30;
    private static final int MOST_WAYS = 1 << 10;
    private static final String EXAMPLE = "for example 32K/8+1M/16+32M/16:shared";
    private static final Pattern TEXT =
            Pattern.compile("([0-9]{1,9})([KMG]?)/([0-9]{1,4})(?::(?!shared)([a-z]+))?(:shared)?");

    /// One cache.
    ///
    /// @param shared by all harts, instead of one for each
    public record Level(long sizeBytes, int ways, PolicyKind policy, boolean shared) {
        public Level {
            if (ways < 1 || ways > MOST_WAYS) {
                throw new IllegalArgumentException("a cache has 1 to " + MOST_WAYS + " ways, not " + ways);
            }
            if (sizeBytes < 1 || sizeBytes > MOST_BYTES || sizeBytes % ((long) ways * LINE_BYTES) != 0) {
                throw new IllegalArgumentException("a cache of %d bytes is not a number of sets of %d lines of %d bytes"
                        .formatted(sizeBytes, ways, LINE_BYTES));
            }
            if (policy == PolicyKind.PLRU && Integer.bitCount(ways) != 1) {
                throw new IllegalArgumentException("plru needs a power of two of ways, not " + ways);
            }
        }

        /// Returns a cache of each hart with LRU replacement.
        public static Level ofHart(long sizeBytes, int ways) {
            return new Level(sizeBytes, ways, PolicyKind.LRU, false);
        }

        /// Returns a cache of all harts with LRU replacement.
        public static Level ofMachine(long sizeBytes, int ways) {
            return new Level(sizeBytes, ways, PolicyKind.LRU, true);
        }

        private static Level parse(String text) {
            Matcher matcher = TEXT.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("cache '" + text + "' is not SIZE/WAYS, " + EXAMPLE);
            }
            String policy = matcher.group(4);
            return new Level(
                    Long.parseLong(matcher.group(1)) << shift(matcher.group(2)),
                    Integer.parseInt(matcher.group(3)),
                    policy == null ? PolicyKind.LRU : PolicyKind.parse(policy),
                    matcher.group(5) != null);
        }

        private static int shift(String unit) {
            return switch (unit) {
                case "K" -> 10;
                case "M" -> 20;
                case "G" -> 30;
                default -> 0;
            };
        }

        /// Returns the number of sets.
        public int sets() {
            return Math.toIntExact(sizeBytes / ((long) ways * LINE_BYTES));
        }

        @Override
        public String toString() {
            return size() + "/" + ways + (policy == PolicyKind.LRU ? "" : ":" + policy) + (shared ? ":shared" : "");
        }

        private String size() {
            for (String unit : List.of("G", "M", "K")) {
                if (sizeBytes % (1L << shift(unit)) == 0) {
                    return (sizeBytes >>> shift(unit)) + unit;
                }
            }
            return Long.toString(sizeBytes);
        }
    }

    public PteCacheGeometry {
        levels = List.copyOf(levels);
        if (levels.size() > MOST_LEVELS) {
            throw new IllegalArgumentException(
                    "entries are read through at most " + MOST_LEVELS + " caches, not " + levels.size());
        }
        for (int i = 1; i < levels.size(); i++) {
            if (levels.get(i - 1).shared() && !levels.get(i).shared()) {
                throw new IllegalArgumentException("a cache behind a shared one is shared too: " + levels.get(i));
            }
        }
    }

    /// Returns the geometry written as `text`, or none for `none`.
    public static PteCacheGeometry parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        return new PteCacheGeometry(
                Arrays.stream(text.split("[+]", -1)).map(Level::parse).toList());
    }

    @Override
    public String toString() {
        return levels.isEmpty() ? "none" : levels.stream().map(Level::toString).collect(Collectors.joining("+"));
    }
}
