package sharewalk.mmu.paging;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Ranges of addresses that several address spaces translate alike, each with an id of its own that tags what is cached
/// for it.
///
/// Sorted, disjoint and immutable. Whoever defines one guarantees that each page, however large, that has an address in
/// a range lies in it entirely.
public final class DomainRanges {
    /// No range.
    public static final DomainRanges NONE = new DomainRanges(List.of());

    /// The addresses `[start, end)`, whose translations are tagged with `id`.
    ///
    /// @param number of what is shared, at least 0 and never used again, for observers; hardware has none
    public record Domain(long start, long end, int id, long number) {
        public Domain {
            if (start >= end) {
                throw new IllegalArgumentException("empty domain [%#x, %#x)".formatted(start, end));
            }
            if (id < 0) {
                throw new IllegalArgumentException("a domain's id is not negative: " + id);
            }
        }
    }

    private final List<Domain> domains;
    private final long[] starts;
    private final long[] ends;
    private final int[] ids;

    /// The range found last, tried first.
    private int last;

    private DomainRanges(List<Domain> sorted) {
        domains = List.copyOf(sorted);
        starts = sorted.stream().mapToLong(Domain::start).toArray();
        ends = sorted.stream().mapToLong(Domain::end).toArray();
        ids = sorted.stream().mapToInt(Domain::id).toArray();
    }

    /// Returns the ranges of some domains, in any order.
    ///
    /// @throws IllegalArgumentException if two of them overlap
    public static DomainRanges of(List<Domain> domains) {
        List<Domain> sorted = new ArrayList<>(domains);
        sorted.sort(Comparator.comparingLong(Domain::start));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).start() < sorted.get(i - 1).end()) {
                throw new IllegalArgumentException("domains overlap: " + sorted.get(i - 1) + ", " + sorted.get(i));
            }
        }
        return sorted.isEmpty() ? NONE : new DomainRanges(sorted);
    }

    /// Returns whether there is none.
    public boolean isEmpty() {
        return ids.length == 0;
    }

    /// Returns the ranges, ascending.
    public List<Domain> domains() {
        return domains;
    }

    /// Returns the highest id, -1 if there is none.
    public int maxId() {
        int highest = -1;
        for (int id : ids) {
            highest = Math.max(highest, id);
        }
        return highest;
    }

    /// Returns the id of the range that `virtAddr` lies in, or `asid`.
    public int idOf(long virtAddr, int asid) {
        int range = find(virtAddr);
        return range < 0 ? asid : ids[range];
    }

    /// Returns the id of the range that the whole aligned block of `1 << shift` bytes around `virtAddr` lies in, or
    /// `asid`.
    public int idOfBlock(long virtAddr, int shift, int asid) {
        int range = find(virtAddr);
        if (range < 0) {
            return asid;
        }
        long first = virtAddr & -(1L << shift);
        return first >= starts[range] && first + (1L << shift) - 1 < ends[range] ? ids[range] : asid;
    }

    private int find(long virtAddr) {
        if (ids.length == 0) {
            return -1;
        }
        int tried = last;
        if (virtAddr >= starts[tried] && virtAddr < ends[tried]) {
            return tried;
        }
        int low = 0;
        int high = ids.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (virtAddr < starts[middle]) {
                high = middle - 1;
            } else if (virtAddr >= ends[middle]) {
                low = middle + 1;
            } else {
                last = middle;
                return middle;
            }
        }
        return -1;
    }
}
