package sharewalk.cpu.unicorn;

import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.tlb.QuietPageListener;

/// The code pages from which fetching cannot change the modelled L1I, and the instructions counted there by machine
/// code that have not reached the counters yet.
final class QuietCodePages implements QuietPageListener {
    private static final int PAGE_SHIFT = 12;
    private static final long PAGE_BYTES = 1L << PAGE_SHIFT;

    private final BlockState state;
    private CounterMap counters = CounterMap.all(new Counters());

    QuietCodePages(BlockState state) {
        this.state = state;
    }

    BlockState state() {
        return state;
    }

    /// Notes that the page of an address is quiet now.
    void add(long virtAddr) {
        long page = virtAddr >>> PAGE_SHIFT;
        int slot = BlockState.filterSlot(page);
        if (state.page(slot) != page) {
            settle(slot);
            state.setPage(slot, page);
        }
    }

    @Override
    public void noLongerQuiet(int asid, long virtAddr, long sizeBytes) {
        if (sizeBytes > PAGE_BYTES) {
            removeIn(virtAddr >>> PAGE_SHIFT, sizeBytes >>> PAGE_SHIFT);
            return;
        }
        long page = virtAddr >>> PAGE_SHIFT;
        int slot = BlockState.filterSlot(page);
        if (state.page(slot) == page) {
            remove(slot);
        }
    }

    private void removeIn(long firstPage, long pages) {
        for (int slot = 0; slot < BlockState.FILTER_SLOTS; slot++) {
            if (Long.compareUnsigned(state.page(slot) - firstPage, pages) < 0) {
                remove(slot);
            }
        }
    }

    @Override
    public void allNoLongerQuiet() {
        for (int slot = 0; slot < BlockState.FILTER_SLOTS; slot++) {
            remove(slot);
        }
    }

    private void remove(int slot) {
        settle(slot);
        state.setPage(slot, BlockState.NO_PAGE);
    }

    /// Brings the counters up to date.
    void settle() {
        for (int slot = 0; slot < BlockState.FILTER_SLOTS; slot++) {
            settle(slot);
        }
    }

    private void settle(int slot) {
        long instructions = state.takeInstructions(slot);
        if (instructions != 0) {
            counters.at(state.page(slot) << PAGE_SHIFT).record(Counter.INSTRUCTIONS, instructions);
        }
    }

    /// Counts in `next` from now on; what was counted before stays where it was.
    void chargeTo(CounterMap next) {
        settle();
        counters = next;
    }

    /// Returns where instructions are counted now.
    CounterMap counters() {
        return counters;
    }
}
