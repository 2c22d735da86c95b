package sharewalk.kernel.mm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.flush.HartTranslations;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;

/// A hart that remembers every translation until it is told to forget it, and every order to forget.
public final class FakeHart implements HartTranslations {
    private final Map<Tag, Long> remembered = new TreeMap<>();
    private final List<InvalidationScope> orders = new ArrayList<>();
    private final List<FlushCause> causes = new ArrayList<>();

    record Tag(int asid, long vpn) implements Comparable<Tag> {
        @Override
        public int compareTo(Tag other) {
            int byAsid = Integer.compare(asid, other.asid);
            return byAsid != 0 ? byAsid : Long.compare(vpn, other.vpn);
        }
    }

    /// Remembers a leaf entry.
    void remember(int asid, long virtAddr, long pte) {
        remembered.put(tag(asid, virtAddr), pte);
    }

    @Nullable
    Long remembered(int asid, long virtAddr) {
        return remembered.get(tag(asid, virtAddr));
    }

    void forget(int asid, long virtAddr) {
        remembered.remove(tag(asid, virtAddr));
    }

    /// Returns the orders since the last call.
    public List<InvalidationScope> takeOrders() {
        List<InvalidationScope> taken = List.copyOf(orders);
        orders.clear();
        causes.clear();
        return taken;
    }

    /// Returns the causes of the orders since the last call of [#takeOrders].
    public List<FlushCause> causes() {
        return List.copyOf(causes);
    }

    @Override
    public void invalidate(InvalidationScope scope, FlushCause cause) {
        orders.add(scope);
        causes.add(cause);
        switch (scope) {
            case InvalidationScope.Page(int asid, long virtAddr, boolean _) -> forget(asid, virtAddr);
            case InvalidationScope.Range(int asid, long start, long end, boolean _) ->
                remembered
                        .keySet()
                        .removeIf(tag -> tag.asid == asid
                                && tag.vpn >= start >> PagingMode.PAGE_SHIFT
                                && tag.vpn < end >> PagingMode.PAGE_SHIFT);
            case InvalidationScope.Asid(int asid) -> remembered.keySet().removeIf(tag -> tag.asid == asid);
            case InvalidationScope.All() -> remembered.clear();
        }
    }

    private static Tag tag(int asid, long virtAddr) {
        return new Tag(asid, virtAddr >> PagingMode.PAGE_SHIFT);
    }
}
