package sharewalk.kernel.mm.flush;

import java.util.BitSet;

/// The ids that an x86 space has on all harts, for INVLPGB (`allocate_global_asid`): above those of the slots, given
/// once each; when the last is reached, everything is flushed everywhere and those of dead spaces can be given again.
/// That is so before the first, too.
final class GlobalIds {
    private final int lowest = PcidSlots.MOST_SLOTS;
    private final int end;
    private final BitSet used = new BitSet();
    private final BitSet freed = new BitSet();
    private int last;
    private int available;

    /// Creates the ids of a machine's PCIDs.
    GlobalIds(FlushSettings settings) {
        // MAX_ASID_AVAILABLE: the highest PCID is one more than the highest id, and PCID 0 is not given.
        end = settings.maxId() - 1 - settings.domainIds();
        last = end;
        available = Math.max(0, end - lowest - 1);
    }

    boolean isUsedUp() {
        return available == 0;
    }

    /// Returns whether [#reset] must come before [#allocate].
    boolean needsReset() {
        return last >= end - 1;
    }

    /// Takes the ids of dead spaces back (`reset_global_asid_space`).
    ///
    /// Preconditions: every hart has forgotten everything.
    void reset() {
        used.andNot(freed);
        freed.clear();
        last = lowest;
    }

    /// Returns a free PCID, or 0 when all that is left belongs to dead spaces and waits for the next reset.
    int allocate() {
        int id = used.nextClearBit(last);
        if (id >= end) {
            return 0;
        }
        used.set(id);
        last = id;
        available--;
        return id + 1;
    }

    void free(int pcid) {
        freed.set(pcid - 1);
        available++;
    }
}
