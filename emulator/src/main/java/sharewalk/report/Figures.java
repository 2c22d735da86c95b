package sharewalk.report;

import java.util.Locale;

/// The way figures are written for people.
final class Figures {
    private static final long KIB = 1024;
    private static final long MIB = KIB * KIB;
    private static final long GIB = KIB * MIB;

    private Figures() {}

    /// Returns a number with its thousands apart.
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// Returns a size in the largest unit that it is a multiple of.
    static String bytes(long sizeBytes) {
        if (sizeBytes != 0 && sizeBytes % GIB == 0) {
            return count(sizeBytes / GIB) + " GiB";
        }
        if (sizeBytes != 0 && sizeBytes % MIB == 0) {
            return count(sizeBytes / MIB) + " MiB";
        }
        return sizeBytes % KIB == 0 ? count(sizeBytes / KIB) + " KiB" : count(sizeBytes) + " bytes";
    }

    /// Returns a size in KiB without the unit.
    static String kib(long sizeBytes) {
        return count(sizeBytes / KIB);
    }

    /// Returns `part` per thousand of `whole`, or a dash when there is nothing to divide by.
    static String perThousand(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.3f", 1000.0 * part / whole);
    }

    /// Returns how many times `base` a figure is, or a dash when there is nothing to divide by.
    static String ratio(long figure, long base) {
        return base == 0 ? "-" : String.format(Locale.ROOT, "%.3f", (double) figure / base);
    }
}
