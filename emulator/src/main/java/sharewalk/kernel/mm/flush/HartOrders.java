package sharewalk.kernel.mm.flush;

import java.util.List;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;

/// The orders to forget that harts are given, counted.
///
/// Events are charged to the current counters: INVALIDATION for each page asked to be dropped, on each hart; FULL_FLUSH
/// for each flush of an address space or of everything, on each hart. What broadcasts make harts forget is in neither.
public final class HartOrders {
    private final List<HartTranslations> harts;
    private final ChargedHart current;

    /// Gives orders to these harts, numbered from 0, in the name of the current one.
    public HartOrders(List<HartTranslations> harts, ChargedHart current) {
        this.harts = List.copyOf(harts);
        this.current = current;
    }

    int hartCount() {
        return harts.size();
    }

    /// Returns the hart for which the kernel works.
    int current() {
        return current.hart();
    }

    /// Makes a hart forget what a flush says of the space it knows by `id`.
    void drop(int hart, int id, Flush flush) {
        harts.get(hart).invalidate(flush.scope(id), flush.cause());
        if (flush.whole()) {
            record(flush, Counter.FULL_FLUSH, 1);
        } else {
            record(flush, Counter.INVALIDATION, flush.steps());
        }
    }

    /// Makes a hart forget what a flush says, by a broadcast: it executes nothing, and only the instruction is counted.
    void dropByBroadcast(int hart, int id, Flush flush) {
        harts.get(hart).invalidate(flush.scope(id), flush.cause());
    }

    /// Makes a hart forget all it knows by `id`, because of a context switch.
    void dropAtSwitch(int hart, int id, FlushCause cause) {
        dropAtSwitch(hart, new InvalidationScope.Asid(id), cause);
    }

    /// Makes a hart forget everything at a context switch, because ids are given anew.
    void dropAtRollover(int hart) {
        dropAtSwitch(hart, new InvalidationScope.All(), FlushCause.ASID_ROLLOVER);
    }

    private void dropAtSwitch(int hart, InvalidationScope scope, FlushCause cause) {
        harts.get(hart).invalidate(scope, cause);
        current.counters(0).record(Counter.FULL_FLUSH);
        current.counters(0).record(Counter.SWITCH_FLUSH);
    }

    /// Makes every hart forget all that a scope names; returns how many others there were.
    int dropEverywhere(InvalidationScope scope, FlushCause cause, Counters counters) {
        for (HartTranslations hart : harts) {
            hart.invalidate(scope, cause);
            counters.record(Counter.FULL_FLUSH);
        }
        return harts.size() - 1;
    }

    /// Makes every hart forget all that a scope names, by a broadcast.
    void dropEverywhereByBroadcast(InvalidationScope scope, FlushCause cause) {
        harts.forEach(hart -> hart.invalidate(scope, cause));
    }

    /// Counts that so many other harts are interrupted at once.
    static void countInterrupts(int others, Counters counters) {
        if (others > 0) {
            counters.record(Counter.IPI_ROUND);
            counters.record(Counter.IPI, others);
        }
    }

    /// Interrupts every other hart, which has nothing to forget: each has then left whatever it was walking
    /// (`tlb_remove_table_sync_one`).
    public void interruptOthers(long virtAddr) {
        countInterrupts(harts.size() - 1, current.counters(virtAddr));
    }

    /// Makes the current hart forget a page whose entry it has installed, or all of the space if it cannot do that. The
    /// one instruction that does it (`sfence.vma` without an id) reaches the page under a domain's id as well.
    void fence(int id, int domainId, long page, boolean whole) {
        fence(id, page, whole);
        if (domainId != FlushScheme.NO_DOMAIN) {
            fence(domainId, page, whole);
        }
        current.counters(page).record(whole ? Counter.FULL_FLUSH : Counter.INVALIDATION);
    }

    private void fence(int id, long page, boolean whole) {
        InvalidationScope scope = whole ? new InvalidationScope.Asid(id) : new InvalidationScope.Page(id, page, false);
        harts.get(current()).invalidate(scope, FlushCause.FAULT_FENCE);
    }

    /// Counts events of a flush.
    void record(Flush flush, Counter counter, long times) {
        counters(flush).record(counter, times);
    }

    /// Returns the counters that a flush is charged to.
    Counters counters(Flush flush) {
        return current.counters(flush.chargedAt());
    }

    /// Returns the counters charged for an address.
    Counters counters(long virtAddr) {
        return current.counters(virtAddr);
    }

    /// Counts events of no particular address.
    void record(Counter counter) {
        current.counters(0).record(counter);
    }
}
