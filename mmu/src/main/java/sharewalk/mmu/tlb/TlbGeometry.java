package sharewalk.mmu.tlb;

import java.util.Arrays;
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

    /// Returns the array that holds pages of a size or, if none does, the next smaller size that one holds.
    public TlbArrayGeometry arrayFor(PageSize size) {
        for (PageSize held : List.of(PageSize.values()).reversed()) {
            for (TlbArrayGeometry array : arrays) {
                if (held.shift() <= size.shift() && array.sizes().contains(held)) {
                    return array;
                }
            }
        }
        throw new IllegalStateException("no array holds 4K pages");
    }

    @Override
    public String toString() {
        return arrays.stream().map(TlbArrayGeometry::toString).collect(Collectors.joining("+"));
    }
}
