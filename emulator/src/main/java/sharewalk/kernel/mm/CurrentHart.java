package sharewalk.kernel.mm;

import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;

/// The hart for which the kernel is working now, and whom its events are charged to.
public final class CurrentHart {
    private int hart;
    private CounterMap counters = CounterMap.all(new Counters());

    /// Enters the kernel on a hart: until the next call, events are charged to `chargeTo`.
    public void enter(int newHart, CounterMap chargeTo) {
        hart = newHart;
        counters = chargeTo;
    }

    /// Returns the number of the hart.
    public int hart() {
        return hart;
    }

    /// Returns the counters charged for an address.
    public Counters counters(long virtAddr) {
        return counters.at(virtAddr);
    }
}
