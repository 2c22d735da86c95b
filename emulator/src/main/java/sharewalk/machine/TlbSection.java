package sharewalk.machine;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.cache.PolicyKind;
import sharewalk.mmu.paging.PageSize;
import sharewalk.mmu.tlb.TlbArrayGeometry;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.tlb.TlbHierarchyGeometry;
import sharewalk.yaml.Excerpt;

/// The section `tlbs` of a profile: for each TLB a list of arrays.
final class TlbSection {
    /// The TLBs; `l2i` may be left out.
    static final List<String> KEYS = List.of("l1i", "l1d", "l2", "l2i");

    private static final List<String> ARRAY_KEYS = List.of("shape", "policy", "pages");
    private static final int MOST_ENTRIES = 1 << 18;

    private TlbSection() {}

    /// Returns the TLBs.
    static TlbHierarchyGeometry read(SectionReader section) {
        TlbGeometry l1i = tlb(section, "l1i");
        TlbGeometry l1d = tlb(section, "l1d");
        TlbGeometry l2 = tlb(section, "l2");
        @Nullable TlbGeometry l2i = section.has("l2i") ? tlb(section, "l2i") : null;
        return section.checked(() -> new TlbHierarchyGeometry(l1i, l1d, l2, l2i));
    }

    private static TlbGeometry tlb(SectionReader section, String key) {
        List<TlbArrayGeometry> arrays = new ArrayList<>();
        for (SectionReader array : section.sections(key, ARRAY_KEYS)) {
            Shape shape = array.figure("shape", Shape::parse);
            PolicyKind policy = array.figure("policy", PolicyKind::parse);
            Set<PageSize> pages = array.figure("pages", TlbSection::pages);
            arrays.add(array.checked(() -> new TlbArrayGeometry(shape.sets, shape.ways, policy, pages)));
        }
        return section.checked(() -> new TlbGeometry(arrays));
    }

    private static Set<PageSize> pages(String text) {
        Set<PageSize> pages = EnumSet.noneOf(PageSize.class);
        if (text.equals("all")) {
            return EnumSet.allOf(PageSize.class);
        }
        for (String size : SectionReader.words(text)) {
            pages.add(PageSize.parse(Excerpt.of(size)));
        }
        return pages;
    }

    /// Sets and ways, written `16x4`.
    private record Shape(int sets, int ways) {
        static Shape parse(String text) {
            if (!text.matches("[0-9]{1,6}x[0-9]{1,6}")) {
                throw new IllegalArgumentException(
                        "'%s' is not SETSxWAYS, for example 16x4".formatted(Excerpt.of(text)));
            }
            int cross = text.indexOf('x');
            Shape shape =
                    new Shape(Integer.parseInt(text.substring(0, cross)), Integer.parseInt(text.substring(cross + 1)));
            if (shape.sets < 1 || shape.ways < 1 || (long) shape.sets * shape.ways > MOST_ENTRIES) {
                throw new IllegalArgumentException("%s is not 1 to %d entries".formatted(text, MOST_ENTRIES));
            }
            return shape;
        }
    }
}
