package sharewalk.support;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.paging.PageSize;
import sharewalk.mmu.tlb.TlbArrayGeometry;
import sharewalk.mmu.tlb.TlbGeometry;

/// One TLB of a hart as naive ones: one for each of its arrays.
final class NaiveLevel {
    private static final int ASID_SHIFT = 47;
    private static final int SIZE_SHIFT = 44;
    private static final long PAGE_MASK = (1L << SIZE_SHIFT) - 1;

    private static final List<PageSize> SIZES = List.of(PageSize.values());

    private record Array(Set<PageSize> sizes, NaiveTlb tlb) {}

    /// Where the entry for an address lies, or would lie, in a page size.
    record Place(NaiveTlb tlb, PageSize size, long page, long key) {
        private int way() {
            return tlb.find(page, key);
        }

        void use() {
            tlb.use(page, way());
        }

        boolean isDirty() {
            return tlb.isDirty(page, way());
        }

        void makeDirty() {
            tlb.makeDirty(page, key);
        }
    }

    private final List<Array> arrays = new ArrayList<>();

    /// By key: the shift of the page that the tables have.
    private final Map<Long, Integer> leafShifts = new HashMap<>();

    NaiveLevel(TlbGeometry geometry, String name, long seed, int hart) {
        for (TlbArrayGeometry array : geometry.arrays()) {
            PageSize smallest = new TreeSet<>(array.sizes()).first();
            String structure = smallest == PageSize.KIB_4 ? name : name + "@" + smallest;
            NaiveTlb tlb = new NaiveTlb(
                    array.sets(), array.ways(), array.policy().toString(), NaiveTlb.seed(seed, hart, structure));
            arrays.add(new Array(array.sizes(), tlb));
        }
    }

    /// Returns the place of the entry that translates an address, the smallest page first, or null.
    @Nullable
    Place find(int asid, long virtAddr) {
        for (PageSize size : PageSize.values()) {
            Place place = placeIn(asid, virtAddr, size);
            if (place != null && place.way() >= 0) {
                return place;
            }
        }
        return null;
    }

    private @Nullable Place placeIn(int asid, long virtAddr, PageSize size) {
        for (Array array : arrays) {
            if (array.sizes.contains(size)) {
                long page = virtAddr >>> size.shift();
                long key = (long) asid << ASID_SHIFT | (long) SIZES.indexOf(size) << SIZE_SHIFT | (page & PAGE_MASK);
                return new Place(array.tlb, size, page, key);
            }
        }
        return null;
    }

    /// Returns where the largest piece of a page of `size` around an address belongs.
    private Place placeFor(int asid, long virtAddr, PageSize size) {
        for (int i = SIZES.indexOf(size); i >= 0; i--) {
            Place place = placeIn(asid, virtAddr, SIZES.get(i));
            if (place != null) {
                return place;
            }
        }
        throw new AssertionError("no array for 4 KiB pages");
    }

    void fill(int asid, long virtAddr, PageSize size, int leafShift, boolean dirty, @Nullable Place kept) {
        Place place = placeFor(asid, virtAddr, size);
        long keptKey = kept != null && kept.tlb == place.tlb ? kept.key : NaiveTlb.NO_KEY;
        place.tlb.fill(place.page, place.key, dirty, keptKey);
        leafShifts.put(place.key, leafShift);
    }

    int leafShift(Place place) {
        return leafShift(place.key);
    }

    private int leafShift(long key) {
        return Objects.requireNonNull(leafShifts.get(key));
    }

    void dropAll() {
        arrays.forEach(array -> array.tlb.drop(_ -> true));
    }

    void dropAsid(int asid) {
        arrays.forEach(array -> array.tlb.drop(key -> key >>> ASID_SHIFT == asid));
    }

    /// Drops every entry that is of a page with an address in `[start, end)`.
    void drop(int asid, long start, long end) {
        arrays.forEach(array -> array.tlb.drop(key -> {
            int shift = SIZES.get((int) (key >>> SIZE_SHIFT & 7)).shift();
            int leafShift = leafShift(key);
            long leaf = (key & PAGE_MASK) << shift >>> leafShift;
            return key >>> ASID_SHIFT == asid && leaf >= start >>> leafShift && leaf <= (end - 1) >>> leafShift;
        }));
    }
}
