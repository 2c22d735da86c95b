package sharewalk.kernel.mm.flush;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.RemoteInvalidation;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;

/// x86's way (`arch/x86/mm/tlb.c`): each hart has ids of its own, and counts which changes of a space it has seen. A
/// hart that has left a space or is idle in it is not interrupted, and catches up by forgetting the whole space when it
/// comes back; unless tables are freed, when all that ever loaded the space are.
///
/// With INVLPGB, a space that is interrupted on more than three harts gets an id for all of them, and is flushed by
/// broadcast from then on. Linux looks at one flush in 32, picked by the time; here each is looked at.
///
/// Not modelled: the removal of harts that have left from the mask once a second, idle states that lose the TLB, page
/// table isolation.
final class X86Flushes implements FlushScheme {
    /// `tlb_single_page_flush_ceiling`.
    static final int PAGE_CEILING = 33;

    /// INVLPGB's pages at a time on Zen 3 and Zen 4: CPUID 8000_0008h EDX[15:0] is 7.
    private static final long BROADCAST_PAGES = 8;

    private static final long LARGEST_BROADCAST_STRIDE = 2L << 20;
    private static final int FEW_HARTS = 3;
    private static final int KERNEL_NUMBER = 0;

    private final HartOrders orders;
    private final int ceiling;
    private final TaggedSpace kernelSpace = new TaggedSpace(KERNEL_NUMBER);
    private final PcidSlots[] harts;
    private final @Nullable GlobalIds globalIds;
    private final boolean broadcasts;

    X86Flushes(FlushSettings settings, HartOrders orders) {
        this.orders = orders;
        this.ceiling = settings.ceilingOr(PAGE_CEILING);
        this.broadcasts = settings.remote() == RemoteInvalidation.INVLPGB;
        this.globalIds = broadcasts && settings.asidBits() > 0 ? new GlobalIds(settings) : null;
        this.harts = new PcidSlots[orders.hartCount()];
        for (int hart = 0; hart < harts.length; hart++) {
            harts[hart] = new PcidSlots(settings.asidBits(), kernelSpace);
        }
    }

    /// `switch_mm_irqs_off`.
    @Override
    public void load(TaggedSpace space, int hart) {
        PcidSlots slots = harts[hart];
        boolean wasIdle = slots.isIdle();
        slots.setIdle(false);
        if (slots.loaded() == space) {
            if (mustMove(space, slots)) {
                slots.useGlobal(space);
            } else if (wasIdle && !slots.usesGlobalId() && slots.isBehind(slots.slot(), space)) {
                renew(hart, slots.slot(), space, slots.missedCause(slots.slot(), space));
            }
            return;
        }
        if (space != kernelSpace) {
            space.harts().set(hart);
        }
        if (space.globalId() != 0) {
            slots.useGlobal(space);
            return;
        }
        int slot = slots.slotOf(space);
        if (slot == PcidSlots.NONE) {
            renew(hart, slots.recycle(), space, FlushCause.CONTEXT_SWITCH);
        } else if (slots.isBehind(slot, space)) {
            renew(hart, slot, space, slots.missedCause(slot, space));
        } else {
            slots.use(slot, space);
        }
    }

    private void renew(int hart, int slot, TaggedSpace space, FlushCause cause) {
        PcidSlots slots = harts[hart];
        slots.use(slot, space);
        slots.caughtUp(slot, space);
        orders.dropAtSwitch(hart, slots.id(), cause);
    }

    /// `mm_needs_global_asid`.
    private static boolean mustMove(TaggedSpace space, PcidSlots slots) {
        return space.globalId() != 0 && !slots.usesGlobalId();
    }

    @Override
    public TaggedSpace loaded(int hart) {
        return harts[hart].loaded();
    }

    @Override
    public boolean runs(TaggedSpace space, int hart) {
        return harts[hart].loaded() == space && !harts[hart].isIdle();
    }

    @Override
    public int id(int hart) {
        return harts[hart].id();
    }

    @Override
    public void idle(int hart) {
        harts[hart].setIdle(harts[hart].loaded() != kernelSpace);
    }

    @Override
    public void abandon(TaggedSpace space) {
        for (PcidSlots slots : harts) {
            if (slots.loaded() == space) {
                slots.setIdle(true);
            }
        }
    }

    /// `flush_tlb_mm_range`.
    @Override
    public void flush(TaggedSpace space, Flush request) {
        space.change(request.cause());
        Flush flush = request.wholeAbove(ceiling);
        boolean isShootdown = false;
        if (space.globalId() != 0) {
            isShootdown = broadcast(space, flush);
        } else if (space.isSeenBesides(orders.current())) {
            isShootdown = interrupt(space, flush) > 0;
            considerGlobalId(space);
        } else if (harts[orders.current()].loaded() == space) {
            flushHart(orders.current(), space, flush);
        }
        if (isShootdown) {
            orders.record(flush, Counter.SHOOTDOWN, 1);
        }
    }

    /// `native_flush_tlb_multi`; returns how many harts were interrupted.
    private int interrupt(TaggedSpace space, Flush flush) {
        boolean all = flush.tables() || space.isMoving();
        BitSet told = (BitSet) space.harts().clone();
        int others = 0;
        for (int hart = told.nextSetBit(0); hart >= 0; hart = told.nextSetBit(hart + 1)) {
            if (all || runs(space, hart)) {
                flushHart(hart, space, flush);
                others += hart == orders.current() ? 0 : 1;
            }
        }
        HartOrders.countInterrupts(others, orders.counters(flush));
        return others;
    }

    /// `flush_tlb_func`.
    private void flushHart(int hart, TaggedSpace space, Flush flush) {
        PcidSlots slots = harts[hart];
        if (slots.loaded() != space) {
            space.harts().clear(hart);
            return;
        }
        if (mustMove(space, slots)) {
            slots.useGlobal(space);
        }
        if (slots.usesGlobalId()) {
            return;
        }
        if (slots.isIdle()) {
            // Its walk caches must not lead into freed tables, and it needs none of the rest.
            load(kernelSpace, hart);
            return;
        }
        // Harts take turns, so that one that runs in the space has seen all changes before this one, and need not catch
        // up as when two flushes race.
        orders.drop(hart, slots.id(), flush);
        slots.caughtUp(slots.slot(), space);
    }

    /// `broadcast_tlb_flush`, `finish_asid_transition`; returns whether other harts were reached.
    private boolean broadcast(TaggedSpace space, Flush flush) {
        long instructions = 1;
        if (!flush.whole()) {
            boolean many = flush.strideBytes() <= LARGEST_BROADCAST_STRIDE;
            instructions = many ? (flush.steps() + BROADCAST_PAGES - 1) / BROADCAST_PAGES : flush.steps();
        }
        for (int hart = 0; hart < harts.length; hart++) {
            orders.dropByBroadcast(hart, space.globalId(), flush);
        }
        if (space.isMoving()) {
            if (anyLags(space)) {
                int _ = interrupt(space, flush);
            } else {
                space.moved();
            }
        }
        orders.record(flush, Counter.BROADCAST, instructions);
        orders.record(flush, Counter.BROADCAST_SYNC, 1);
        return harts.length > 1;
    }

    private boolean anyLags(TaggedSpace space) {
        for (PcidSlots slots : harts) {
            if (slots.loaded() == space && !slots.usesGlobalId()) {
                return true;
            }
        }
        return false;
    }

    /// `consider_global_asid`, `use_global_asid`.
    private void considerGlobalId(TaggedSpace space) {
        if (globalIds == null || globalIds.isUsedUp() || space.globalId() != 0) {
            return;
        }
        int running = 0;
        for (int hart = 0; hart < harts.length; hart++) {
            running += runs(space, hart) ? 1 : 0;
        }
        if (running > FEW_HARTS) {
            if (globalIds.needsReset()) {
                resetGlobalIds(globalIds);
            }
            int id = globalIds.allocate();
            if (id != 0) {
                space.assignGlobalId(id);
            }
        }
    }

    private void resetGlobalIds(GlobalIds ids) {
        orders.record(Counter.ASID_ROLLOVER);
        broadcastEverywhere(new InvalidationScope.All(), FlushCause.ASID_ROLLOVER, orders.counters(0));
        ids.reset();
    }

    @Override
    public void flushEverywhere(InvalidationScope scope, FlushCause cause, long virtAddr) {
        Counters counters = orders.counters(virtAddr);
        if (broadcasts && globalIds != null) {
            broadcastEverywhere(scope, cause, counters);
        } else {
            HartOrders.countInterrupts(orders.dropEverywhere(scope, cause, counters), counters);
        }
        if (harts.length > 1) {
            counters.record(Counter.SHOOTDOWN);
        }
    }

    private void broadcastEverywhere(InvalidationScope scope, FlushCause cause, Counters counters) {
        orders.dropEverywhereByBroadcast(scope, cause);
        counters.record(Counter.BROADCAST);
        counters.record(Counter.BROADCAST_SYNC);
    }

    /// x86 forgets an address by faulting at it (SDM 3A 4.10.4.1).
    @Override
    public void fence(TaggedSpace space, long page, int domainId) {}

    @Override
    public void ended(TaggedSpace space) {
        if (space.globalId() != 0 && globalIds != null) {
            globalIds.free(space.globalId());
            space.dropGlobalId();
        }
    }
}
