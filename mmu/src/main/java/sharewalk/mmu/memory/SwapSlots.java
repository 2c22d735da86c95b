package sharewalk.mmu.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The slots of a swap area: pages whose bytes were moved out of RAM. They are numbered from the end of RAM on, so that
/// a held table entry or a page cache can name one where it else names a frame. As frames do, a slot comes with one
/// reference, lowest number first, and goes with its last.
///
/// A slot may name the frame that its bytes were brought back into while references to it are left (the swap cache);
/// it has a reference to that frame.
public final class SwapSlots {
    private final long firstSlot;
    private final long capacity;
    private final Map<Long, Slot> slots = new HashMap<>();
    private final TreeSet<Long> returned = new TreeSet<>();
    private long next;

    private static final class Slot {
        private final byte[] bytes;
        private int references = 1;
        private long cachedPfn = FrameAllocator.NO_FRAME;

        Slot(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    SwapSlots(long firstSlot, long capacity) {
        this.firstSlot = firstSlot;
        this.capacity = capacity;
        this.next = firstSlot;
    }

    /// Returns whether a frame number is that of a slot.
    public boolean isSlot(long pfn) {
        return pfn >= firstSlot;
    }

    /// Returns how many slots there are.
    public long capacity() {
        return capacity;
    }

    /// Returns how many slots are in use.
    public long used() {
        return slots.size();
    }

    /// Returns the number of references to a slot.
    public int references(long slot) {
        return at(slot).references;
    }

    /// Returns the frame that a slot's bytes were brought back into, or [FrameAllocator#NO_FRAME].
    public long cachedPfn(long slot) {
        return at(slot).cachedPfn;
    }

    /// Keeps bytes in a slot with one reference; [FrameAllocator#NO_FRAME] when all are in use.
    long store(byte[] bytes) {
        @Nullable Long lowest = returned.pollFirst();
        if (lowest == null && next == firstSlot + capacity) {
            return FrameAllocator.NO_FRAME;
        }
        long slot = lowest != null ? lowest : next++;
        slots.put(slot, new Slot(bytes));
        return slot;
    }

    byte[] bytes(long slot) {
        return at(slot).bytes;
    }

    void cache(long slot, long pfn) {
        at(slot).cachedPfn = pfn;
    }

    void retain(long slot) {
        at(slot).references++;
    }

    /// Drops a reference; returns the frame to let go of with the last one, else [FrameAllocator#NO_FRAME].
    long release(long slot) {
        Slot released = at(slot);
        released.references--;
        if (released.references > 0) {
            return FrameAllocator.NO_FRAME;
        }
        slots.remove(slot);
        returned.add(slot);
        return released.cachedPfn;
    }

    private Slot at(long slot) {
        @Nullable Slot found = slots.get(slot);
        if (found == null) {
            throw new IndexOutOfBoundsException("frame %#x is neither RAM nor a swap slot in use".formatted(slot));
        }
        return found;
    }
}
