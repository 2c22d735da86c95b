package sharewalk.kernel.mm.flush;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;

/// RISC-V's way (`arch/riscv/mm/tlbflush.c`): every hart that ever loaded a space is told of each flush, idle or not,
/// by an interrupt of the kernel's or through the firmware; without ids only those that have it loaded.
///
/// The firmware (OpenSBI) has a ceiling of its own, one page: it forgets the whole space for anything longer
/// (`SBI_PLATFORM_TLB_RANGE_FLUSH_LIMIT_DEFAULT`).
final class RiscvFlushes implements FlushScheme {
    /// `tlb_flush_all_threshold`.
    static final int PAGE_CEILING = 64;

    private static final long FIRMWARE_LIMIT_BYTES = PagingMode.PAGE_BYTES;

    private final HartOrders orders;
    private final AsidScheme ids;
    private final int ceiling;
    private final boolean asksFirmware;
    private final @Nullable TaggedSpace[] loaded;

    RiscvFlushes(FlushSettings settings, HartOrders orders) {
        this.orders = orders;
        this.ids = AsidScheme.of(settings, orders);
        this.ceiling = settings.ceilingOr(PAGE_CEILING);
        this.asksFirmware = settings.remote() == RemoteInvalidation.SBI;
        this.loaded = new TaggedSpace[orders.hartCount()];
    }

    /// `switch_mm`.
    @Override
    public void load(TaggedSpace space, int hart) {
        TaggedSpace before = loaded[hart];
        if (before == space) {
            return;
        }
        if (before != null && !ids.outlastsSwitches()) {
            before.harts().clear(hart);
        }
        space.harts().set(hart);
        loaded[hart] = space;
        ids.load(space, hart);
    }

    @Override
    public @Nullable TaggedSpace loaded(int hart) {
        return loaded[hart];
    }

    /// An idle hart is up to date too.
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

    /// `__flush_tlb_range`.
    @Override
    public void flush(TaggedSpace space, Flush request) {
        // SFENCE.VMA with an address reaches leaf entries only: freed tables take everything (tlb_flush).
        Flush wanted = request.tables() ? request.wholeSpace() : request;
        int id = ids.id(space);
        if (!space.isSeenBesides(orders.current())) {
            if (space.harts().get(orders.current())) {
                orders.drop(orders.current(), id, wanted.wholeAbove(ceiling));
            }
            return;
        }
        boolean isLong = wanted.end() - wanted.start() > FIRMWARE_LIMIT_BYTES;
        Flush flush = asksFirmware && isLong ? wanted.wholeSpace() : wanted.wholeAbove(ceiling);
        BitSet harts = space.harts();
        int others = 0;
        for (int hart = harts.nextSetBit(0); hart >= 0; hart = harts.nextSetBit(hart + 1)) {
            orders.drop(hart, id, flush);
            others += hart == orders.current() ? 0 : 1;
        }
        countOthers(others, orders.counters(flush));
    }

    @Override
    public void flushEverywhere(InvalidationScope scope, FlushCause cause, long virtAddr) {
        Counters counters = orders.counters(virtAddr);
        int others = orders.dropEverywhere(scope, cause, counters);
        if (others > 0) {
            countOthers(others, counters);
        }
    }

    private void countOthers(int others, Counters counters) {
        counters.record(Counter.SHOOTDOWN);
        if (asksFirmware) {
            counters.record(Counter.SBI_CALL);
            counters.record(Counter.REMOTE_FENCE, others);
        } else {
            HartOrders.countInterrupts(others, counters);
        }
    }

    /// `update_mmu_cache_range`. With a ceiling of 0 the fence of a page is broken, and all of them are whole
    /// (SiFive erratum CIP-1200).
    @Override
    public void fence(TaggedSpace space, long page, int domainId) {
        if (loaded[orders.current()] == space) {
            orders.fence(id(orders.current()), domainId, page, ceiling == 0);
        }
    }

    @Override
    public void ended(TaggedSpace space) {}
}
