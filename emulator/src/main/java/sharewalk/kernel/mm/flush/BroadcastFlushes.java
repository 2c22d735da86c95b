package sharewalk.kernel.mm.flush;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;

/// Arm's way on either architecture, as a what-if: a space has one id on all harts, an instruction makes every hart
/// forget, another waits until all have (`TLBI ...IS`, `DSB`). Nobody is interrupted, nobody asks who has seen what.
///
/// Ids are given as RISC-V gives them, which has it from Arm; what is flushed, and from how many pages on whole, stays
/// the architecture's own, so that a comparison changes one thing.
final class BroadcastFlushes implements FlushScheme {
    private final HartOrders orders;
    private final AsidScheme ids;
    private final int ceiling;
    private final boolean isRiscv;
    private final @Nullable TaggedSpace[] loaded;

    private BroadcastFlushes(FlushSettings settings, HartOrders orders, int kernelCeiling, boolean isRiscv) {
        this.orders = orders;
        this.ids = AsidScheme.of(settings, orders);
        this.ceiling = settings.ceilingOr(kernelCeiling);
        this.isRiscv = isRiscv;
        this.loaded = new TaggedSpace[orders.hartCount()];
    }

    static BroadcastFlushes ofX86(FlushSettings settings, HartOrders orders) {
        return new BroadcastFlushes(settings, orders, X86Flushes.PAGE_CEILING, false);
    }

    static BroadcastFlushes ofRiscv(FlushSettings settings, HartOrders orders) {
        return new BroadcastFlushes(settings, orders, RiscvFlushes.PAGE_CEILING, true);
    }

    @Override
    public void load(TaggedSpace space, int hart) {
        if (loaded[hart] != space) {
            space.harts().set(hart);
            loaded[hart] = space;
            ids.load(space, hart);
        }
    }

    @Override
    public @Nullable TaggedSpace loaded(int hart) {
        return loaded[hart];
    }

    @Override
    public boolean runs(TaggedSpace space, int hart) {
        return loaded[hart] == space;
    }

    @Override
    public int id(int hart) {
        return ids.id(hart);
    }

    @Override
    public void idle(int hart) {}

    @Override
    public void abandon(TaggedSpace space) {}

    @Override
    public void flush(TaggedSpace space, Flush request) {
        if (space.harts().isEmpty()) {
            return;
        }
        boolean isWhole = isRiscv && request.tables();
        Flush flush = isWhole ? request.wholeSpace() : request.wholeAbove(ceiling);
        for (int hart = 0; hart < orders.hartCount(); hart++) {
            orders.dropByBroadcast(hart, ids.id(space), flush);
        }
        count(flush.whole() ? 1 : flush.steps(), orders.counters(flush));
    }

    @Override
    public void flushEverywhere(InvalidationScope scope, FlushCause cause, long virtAddr) {
        Counters counters = orders.counters(virtAddr);
        orders.dropEverywhereByBroadcast(scope, cause);
        count(1, counters);
    }

    private void count(long instructions, Counters counters) {
        counters.record(Counter.BROADCAST, instructions);
        counters.record(Counter.BROADCAST_SYNC);
        if (orders.hartCount() > 1) {
            counters.record(Counter.SHOOTDOWN);
        }
    }

    @Override
    public void fence(TaggedSpace space, long page, int domainId) {
        if (isRiscv && loaded[orders.current()] == space) {
            orders.fence(id(orders.current()), domainId, page, ceiling == 0);
        }
    }

    @Override
    public void ended(TaggedSpace space) {}
}
