package sharewalk.mmu.cache;

/// Least recently used: the way filled or hit longest ago goes.
public final class Lru implements ReplacementPolicy {
    private final WayOrder order;

    public Lru(int sets, int ways) {
        order = new WayOrder(sets, ways);
    }

    @Override
    public void filled(int set, int way) {
        order.moveToTail(set, way);
    }

    @Override
    public void touched(int set, int way) {
        order.moveToTail(set, way);
    }

    @Override
    public int victim(int set) {
        return order.head(set);
    }

    @Override
    public void evicted(int set) {}

    @Override
    public boolean hitsMatter() {
        return true;
    }
}
