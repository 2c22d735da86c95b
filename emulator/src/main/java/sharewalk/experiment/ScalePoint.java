package sharewalk.experiment;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How many processes have a region of what size attached.
///
/// @param regionBytes a multiple of 2 MiB; 0 where only the processes are counted
public record ScalePoint(int processes, long regionBytes) implements Comparable<ScalePoint> {
    /// The most processes that can be written.
    public static final int MOST_PROCESSES = 1_000_000;

    private static final long BLOCK_BYTES = 2L << 20;
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,7})x([0-9]{1,6})([MGT])");

    /// Returns the point of a text such as `1500x300G`.
    ///
    /// @throws IllegalArgumentException with a phrase, if it is none
    public static ScalePoint parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not PROCESSESxSIZE, for example 1500x300G".formatted(shortened(text)));
        }
        int processes = Integer.parseInt(matcher.group(1));
        long size = Long.parseLong(matcher.group(2)) << shift(matcher.group(3));
        if (processes < 1 || processes > MOST_PROCESSES || size == 0 || size % BLOCK_BYTES != 0) {
            throw new IllegalArgumentException(
                    "'%s' must have 1 to %d processes and a multiple of 2M".formatted(shortened(text), MOST_PROCESSES));
        }
        return new ScalePoint(processes, size);
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "M" -> 20;
            case "G" -> 30;
            default -> 40;
        };
    }

    /// Returns the number of table entries of 2 MiB that the region takes: leaf tables where pages have 4 KiB.
    public long blocks() {
        return regionBytes / BLOCK_BYTES;
    }

    /// Returns the size in MiB.
    public long mebibytes() {
        return regionBytes >> 20;
    }

    /// Returns the size with its unit, as it is parsed.
    public String sizeText() {
        long mebibytes = mebibytes();
        if (mebibytes % (1 << 20) == 0) {
            return (mebibytes >> 20) + "T";
        }
        return mebibytes % (1 << 10) == 0 ? (mebibytes >> 10) + "G" : mebibytes + "M";
    }

    @Override
    public int compareTo(ScalePoint other) {
        int byProcesses = Integer.compare(processes, other.processes);
        return byProcesses != 0 ? byProcesses : Long.compare(regionBytes, other.regionBytes);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%dx%s", processes, sizeText());
    }
}
