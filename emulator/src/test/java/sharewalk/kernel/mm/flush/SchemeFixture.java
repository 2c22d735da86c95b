package sharewalk.kernel.mm.flush;

import java.util.ArrayList;
import java.util.List;
import sharewalk.kernel.mm.CurrentHart;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;

/// A scheme over harts that do nothing but note what they are told to forget.
final class SchemeFixture {
    static final long PAGE = 4096;

    record Order(InvalidationScope scope, FlushCause cause) {}

    final FlushScheme scheme;
    private final CurrentHart current = new CurrentHart();
    private final List<List<Order>> orders = new ArrayList<>();
    private Counters counters = new Counters();
    private long spaces;

    SchemeFixture(FlushScheme.Kernel kernel, int hartCount, int asidBits, RemoteInvalidation remote) {
        this(kernel, hartCount, new FlushSettings(asidBits, remote, FlushSettings.KERNEL_CEILING));
    }

    SchemeFixture(FlushScheme.Kernel kernel, int hartCount, FlushSettings settings) {
        List<HartTranslations> harts = new ArrayList<>();
        for (int hart = 0; hart < hartCount; hart++) {
            List<Order> ofHart = new ArrayList<>();
            orders.add(ofHart);
            harts.add((scope, cause) -> ofHart.add(new Order(scope, cause)));
        }
        scheme = FlushScheme.of(kernel, settings, new HartOrders(harts, current));
        on(0);
    }

    TaggedSpace space() {
        return new TaggedSpace(++spaces);
    }

    /// Makes the kernel work on a hart.
    void on(int hart) {
        current.enter(hart, CounterMap.all(counters));
    }

    /// Makes a hart run in a space; returns the id it uses.
    int run(TaggedSpace space, int hart) {
        on(hart);
        scheme.load(space, hart);
        return scheme.id(hart);
    }

    void flush(TaggedSpace space, long pages) {
        flush(space, pages, false);
    }

    void flush(TaggedSpace space, long pages, boolean tables) {
        flush(space, pages, tables, FlushCause.MPROTECT);
    }

    void flush(TaggedSpace space, FlushCause cause) {
        flush(space, 1, false, cause);
    }

    private void flush(TaggedSpace space, long pages, boolean tables, FlushCause cause) {
        scheme.flush(space, new Flush(PAGE, PAGE + pages * PAGE, PAGE, false, tables, cause));
    }

    void flushSteps(TaggedSpace space, long steps, long strideBytes) {
        long start = strideBytes;
        Flush flush = new Flush(start, start + steps * strideBytes, strideBytes, false, false, FlushCause.MPROTECT);
        scheme.flush(space, flush);
    }

    /// Counts and notes from now on.
    void restart() {
        counters = new Counters();
        on(current.hart());
        orders.forEach(List::clear);
    }

    long count(Counter counter) {
        return counters.get(counter);
    }

    List<InvalidationScope> told(int hart) {
        return orders.get(hart).stream().map(Order::scope).toList();
    }

    List<FlushCause> causes(int hart) {
        return orders.get(hart).stream().map(Order::cause).toList();
    }

    static InvalidationScope page(int id) {
        return new InvalidationScope.Page(id, PAGE, false);
    }

    static InvalidationScope all(int id) {
        return new InvalidationScope.Asid(id);
    }
}
