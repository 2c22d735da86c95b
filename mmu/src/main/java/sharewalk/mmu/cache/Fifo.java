package sharewalk.mmu.cache;

/// First in, first out: the way filled longest ago goes. Hits do not matter.
public final class Fifo implements ReplacementPolicy {
    private final WayOrder order;

    public Fifo(int sets, int ways) {
        order = new WayOrder(sets, ways);
    }

    @Override
    public void filled(int set, int way) {
        order.moveToTail(set, way);
    }

    @Override
    public void touched(int set, int way) {}

    @Override
    public int victim(int set) {
        return order.head(set);
    }

    @Override
    public void evicted(int set) {}

    @Override
    public boolean hitsMatter() {
        return false;
    }
}
