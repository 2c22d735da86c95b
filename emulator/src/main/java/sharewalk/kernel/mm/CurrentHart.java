package sharewalk.kernel.mm;

import org.jspecify.annotations.Nullable;
import sharewalk.kernel.mm.flush.ChargedHart;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;

/// The hart for which the kernel is working now, and whom its events are charged to.
public final class CurrentHart implements ChargedHart {
    private int hart;
    private CounterMap counters = CounterMap.all(new Counters());
    private @Nullable Counters faulting;
    private boolean fetched;
    private long faultAddr;

    /// Enters the kernel on a hart: until the next call, events are charged to `chargeTo`.
    public void enter(int newHart, CounterMap chargeTo) {
        hart = newHart;
        counters = chargeTo;
        faulting = null;
    }

    @Override
    public int hart() {
        return hart;
    }

    @Override
    public Counters counters(long virtAddr) {
        return counters.at(virtAddr);
    }

    /// Returns the counters charged for what is done at no address of the process, as in a file's pages or in a
    /// region's tables: those of the address whose fault is being handled, else those of no address.
    public Counters countersElsewhere() {
        return faulting != null ? faulting : counters.other();
    }

    /// Begins to handle a fault at an address; returns its counters.
    Counters beginFault(long virtAddr) {
        Counters charged = counters(virtAddr);
        faulting = charged;
        fetched = false;
        faultAddr = virtAddr;
        return charged;
    }

    /// Returns the address whose fault is being handled, as its process sees it, else the address given.
    long faultAddr(long otherwise) {
        return faulting != null ? faultAddr : otherwise;
    }

    /// Notes that a page had to be fetched from swap: whoever waits for it has a major fault.
    public void noteFetch() {
        fetched = true;
    }

    /// Returns what a fault that gave an area its page counts as since it began, or since the last call.
    Counter resolvedFault() {
        boolean isMajor = fetched;
        fetched = false;
        return isMajor ? Counter.MAJOR_FAULT : Counter.MINOR_FAULT;
    }

    /// Ends what [#beginFault] began.
    void endFault() {
        faulting = null;
    }
}
