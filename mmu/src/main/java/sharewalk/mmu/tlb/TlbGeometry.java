package sharewalk.mmu.tlb;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import sharewalk.mmu.cache.PolicyKind;
import sharewalk.mmu.paging.PageSize;

/// The shape of a TLB: one array, or several for different page sizes, written with `+` between:
/// `16x4:lru@4K+8x4:lru@2M+1x4:fifo@1G`.
///
/// A page of a size that no array holds is kept in pieces of the next smaller size that one does.
public record TlbGeometry(List<TlbArrayGeometry> arrays) {
    public TlbGeometry {
        arrays = List.copyOf(arrays);
        Set<PageSize> held = EnumSet.noneOf(PageSize.class);
        for (TlbArrayGeometry array : arrays) {
            for (PageSize size : array.sizes()) {
                if (!held.add(size)) {
                    throw new IllegalArgumentException("two arrays of one TLB hold " + size + " pages");
                }
            }
        }
        if (!held.contains(PageSize.KIB_4)) {
            throw new IllegalArgumentException("a TLB needs an array that holds 4K pages");
        }
    }

    /// Returns a TLB of one array for every page size.
    public static TlbGeometry of(int sets, int ways, PolicyKind policy) {
        return new TlbGeometry(List.of(TlbArrayGeometry.ofAllSizes(sets, ways, policy)));
    }

    /// Returns the geometry written as `text`.
    public static TlbGeometry parse(String text) {
        return new TlbGeometry(Arrays.stream(text.split("[+]", -1))
                .map(TlbArrayGeometry::parse)
                .toList());
    }

    /// Returns the number of entries of all arrays.
    public int entries() {
        return arrays.stream().mapToInt(TlbArrayGeometry::entries).sum();
    }

    /// Returns the size in which pages of a size are kept: their own or, if no array holds it, the next smaller one
    /// that some array does.
    public PageSize held(PageSize size) {
        for (PageSize candidate : List.of(PageSize.values()).reversed()) {
            if (candidate.shift() <= size.shift()
                    && arrays.stream().anyMatch(array -> array.sizes().contains(candidate))) {
                return candidate;
            }
        }
        throw new IllegalStateException("no array holds 4K pages");
    }

    /// Returns the arrays, that of 4 KiB pages first, then by the smallest size they hold.
    List<TlbArrayGeometry> smallestFirst() {
        return arrays.stream()
                .sorted(Comparator.comparing(TlbArrayGeometry::smallest))
                .toList();
    }

    /// Returns the power of two at whose multiples a 4 KiB page and the one before it may lie in one set: at every page
    /// if 4 KiB pages have one set, else only where a larger page begins or ends.
    public long boundaryOfNeighboursInOneSet() {
        if (smallestFirst().getFirst().sets() == 1) {
            return PageSize.KIB_4.bytes();
        }
        return arrays.stream()
                .flatMap(array -> array.sizes().stream())
                .filter(size -> size != PageSize.KIB_4)
                .mapToLong(PageSize::bytes)
                .min()
                .orElse(Long.MIN_VALUE);
    }

    /// Returns whether two neighbouring pages can exclude each other: fall into one set, which has one way.
    public boolean mayHoldOneOfTwoNeighbours() {
        return arrays.stream()
                .anyMatch(array ->
                        array.ways() == 1 && (array.sets() == 1 || array.sizes().size() > 1));
    }

    @Override
    public String toString() {
        return arrays.stream().map(TlbArrayGeometry::toString).collect(Collectors.joining("+"));
    }
}
