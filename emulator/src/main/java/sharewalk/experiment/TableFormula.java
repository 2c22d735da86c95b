package sharewalk.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// How many bytes of page tables a region takes when so many processes have it attached and every 2 MiB of it touched:
/// what each process has of its own, times the processes, plus what there is once.
///
/// Both parts are a number of table pages: one for each 2 MiB or none (`leaf`), one for each whole GiB or none
/// (`middle`), one for a rest of less than a GiB or none (`rest`), and so many besides (`top`). This is the shape of
/// tables of 512 entries, whoever owns them; nothing of a design is in it. That the counts are 0 or 1 holds for every
/// table: an entry leads to one table page, or to none where its page is a superpage.
///
/// @param own of each process
/// @param shared once for all
public record TableFormula(Part own, Part shared) {
    private static final long PAGE_BYTES = 4096;
    private static final long BLOCKS_OF_GIB = 512;
    private static final int MOST_TOP = 4;
    private static final List<Part> PARTS = parts();

    /// A number of table pages as it depends on the size of a region.
    ///
    /// @param leaf table pages for each 2 MiB: 0 or 1
    /// @param middle table pages for each whole GiB: 0 or 1
    /// @param rest table pages for a rest of less than a GiB: 0 or 1
    /// @param top table pages for any region
    public record Part(int leaf, int middle, int rest, int top) {
        long pages(ScalePoint point) {
            long blocks = point.blocks();
            long besides = blocks % BLOCKS_OF_GIB == 0 ? 0 : rest;
            return leaf * blocks + middle * (blocks / BLOCKS_OF_GIB) + besides + top;
        }

        private int terms() {
            return leaf + middle + rest + top;
        }

        private String text() {
            List<String> terms = new ArrayList<>();
            add(terms, leaf, "S/2M");
            add(terms, middle, middle == rest ? "ceil(S/1G)" : "floor(S/1G)");
            add(terms, middle == rest ? 0 : rest, "(S mod 1G > 0)");
            if (top > 0) {
                terms.add(Integer.toString(top));
            }
            return terms.isEmpty() ? "0" : String.join(" + ", terms);
        }

        private static void add(List<String> terms, int count, String term) {
            if (count > 0) {
                terms.add(term);
            }
        }
    }

    /// Returns the formula that comes nearest to what was measured, in bytes: the smallest sum of differences, among
    /// equals the fewest table pages, among these those that are the process's own.
    ///
    /// @throws IllegalArgumentException if nothing was measured
    public static TableFormula of(Map<ScalePoint, Long> measured) {
        if (measured.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        Comparator<TableFormula> nearest = Comparator.comparingLong(formula -> formula.misses(measured));
        return PARTS.stream()
                .flatMap(own -> PARTS.stream().map(shared -> new TableFormula(own, shared)))
                .min(nearest.thenComparingInt(formula -> formula.own.terms() + formula.shared.terms())
                        .thenComparingInt(TableFormula::splitRests))
                .orElseThrow();
    }

    private int splitRests() {
        return Math.abs(own.middle - own.rest) + Math.abs(shared.middle - shared.rest);
    }

    private long misses(Map<ScalePoint, Long> measured) {
        return measured.entrySet().stream()
                .mapToLong(each -> Math.abs(residual(each.getKey(), each.getValue())))
                .sum();
    }

    private static List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        IntStream.rangeClosed(0, MOST_TOP).forEach(top -> {
            for (int bits = 0; bits < 8; bits++) {
                parts.add(new Part(bits & 1, bits >> 1 & 1, bits >> 2, top));
            }
        });
        return List.copyOf(parts);
    }

    /// Returns the bytes of page tables at a point.
    public long bytes(ScalePoint point) {
        return PAGE_BYTES * (point.processes() * own.pages(point) + shared.pages(point));
    }

    /// Returns by how much what was measured at a point exceeds the formula, in bytes.
    public long residual(ScalePoint point, long measuredBytes) {
        return measuredBytes - bytes(point);
    }

    /// Returns the formula, N being the processes and S the size of the region.
    public String text() {
        if (own.terms() == 0) {
            return "4096 x (%s)".formatted(shared.text());
        }
        String each = "N x (%s)".formatted(own.text());
        return shared.terms() == 0 ? "4096 x " + each : "4096 x (%s + %s)".formatted(each, shared.text());
    }
}
