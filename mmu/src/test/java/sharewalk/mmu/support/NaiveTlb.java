package sharewalk.mmu.support;

import java.util.ArrayList;
import java.util.List;

/// A TLB in the plainest way: a list of pages for each set, the next victim first. Shares no code with the product.
///
/// It fits policies under which a way does not matter: first in first out, and least recently used.
public final class NaiveTlb {
    private record Page(int asid, long vpn) {}

    private final List<List<Page>> sets = new ArrayList<>();
    private final int ways;
    private final boolean hitsMatter;

    public NaiveTlb(int sets, int ways, boolean hitsMatter) {
        for (int set = 0; set < sets; set++) {
            this.sets.add(new ArrayList<>());
        }
        this.ways = ways;
        this.hitsMatter = hitsMatter;
    }

    /// Makes an access and returns whether it hit.
    public boolean access(int asid, long virtAddr) {
        Page page = new Page(asid, virtAddr >> 12);
        List<Page> set = sets.get((int) (page.vpn % sets.size()));
        boolean hit = set.contains(page);
        if (hit && hitsMatter) {
            set.remove(page);
            set.add(page);
        } else if (!hit) {
            if (set.size() == ways) {
                set.removeFirst();
            }
            set.add(page);
        }
        return hit;
    }

    public void invalidate(int asid, long virtAddr) {
        sets.forEach(set -> set.remove(new Page(asid, virtAddr >> 12)));
    }

    public void invalidateAsid(int asid) {
        sets.forEach(set -> set.removeIf(page -> page.asid == asid));
    }
}
