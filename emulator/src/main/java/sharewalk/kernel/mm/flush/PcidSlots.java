package sharewalk.kernel.mm.flush;

import java.util.Arrays;
import sharewalk.mmu.count.FlushCause;

/// The ids of one x86 hart (`cpu_tlbstate`): a few slots, each with the space that used it last and how many of that
/// space's changes are taken care of, given in turn; and what the hart has loaded.
///
/// Slot `n` is PCID `n + 1`. Without PCIDs there is one slot with id 0, which outlasts no switch.
final class PcidSlots {
    /// `TLB_NR_DYN_ASIDS`.
    static final int MOST_SLOTS = 6;

    static final int NONE = -1;

    private final boolean hasIds;
    private final long[] owners;
    private final long[] seenChanges;
    private int next = 1;
    private int slot;
    private int globalId;
    private TaggedSpace loaded;
    private boolean isIdle;

    /// Creates the slots of a hart that has the kernel's own space loaded, in slot 0.
    PcidSlots(int asidBits, TaggedSpace kernelSpace) {
        hasIds = asidBits > 0;
        int slots = hasIds ? Math.min(MOST_SLOTS, (1 << asidBits) - 1) : 1;
        owners = new long[slots];
        seenChanges = new long[slots];
        Arrays.fill(owners, NONE);
        owners[0] = kernelSpace.number();
        loaded = kernelSpace;
    }

    TaggedSpace loaded() {
        return loaded;
    }

    boolean isIdle() {
        return isIdle;
    }

    void setIdle(boolean idle) {
        isIdle = idle;
    }

    int id() {
        if (globalId != 0) {
            return globalId;
        }
        return hasIds ? slot + 1 : 0;
    }

    boolean usesGlobalId() {
        return globalId != 0;
    }

    /// Returns the slot of a space, or [#NONE].
    int slotOf(TaggedSpace space) {
        for (int i = 0; hasIds && i < owners.length; i++) {
            if (owners[i] == space.number()) {
                return i;
            }
        }
        return NONE;
    }

    /// Returns the slot whose turn it is to be given away (`choose_new_asid`).
    int recycle() {
        int chosen = next++;
        if (chosen >= owners.length) {
            next = 1;
            return 0;
        }
        return chosen;
    }

    boolean isBehind(int ofSlot, TaggedSpace space) {
        return seenChanges[ofSlot] < space.changes();
    }

    /// Returns why a slot that is behind has to catch up.
    FlushCause missedCause(int ofSlot, TaggedSpace space) {
        return space.causeSince(seenChanges[ofSlot]);
    }

    /// Loads a space under the id of a slot.
    void use(int newSlot, TaggedSpace space) {
        slot = newSlot;
        globalId = 0;
        loaded = space;
    }

    /// Loads a space under an id that all harts know it by.
    void useGlobal(TaggedSpace space) {
        globalId = space.globalId();
        loaded = space;
    }

    /// Notes that nothing stale is held in a slot of a space, and that it is this one's.
    void caughtUp(int ofSlot, TaggedSpace space) {
        owners[ofSlot] = space.number();
        seenChanges[ofSlot] = space.changes();
    }

    int slot() {
        return slot;
    }
}
