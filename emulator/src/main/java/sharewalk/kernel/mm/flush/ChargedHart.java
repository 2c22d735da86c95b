package sharewalk.kernel.mm.flush;

import sharewalk.mmu.count.Counters;

/// The hart for which the kernel is working now, and whom its events are charged to.
public interface ChargedHart {
    /// Returns the number of the hart.
    int hart();

    /// Returns the counters charged for an address.
    Counters counters(long virtAddr);
}
