package sharewalk.kernel.mm.flush;

import java.util.BitSet;
import sharewalk.mmu.count.Counter;

/// Ids that are given until none is left; then a new generation begins, in which the spaces that run keep theirs, the
/// others get theirs back or another when they are loaded next, and each hart forgets everything at its next context
/// switch, not at once (`arch/riscv/mm/context.c`).
///
/// A context is a generation and an id in one `long`, generations being multiples of the number of ids.
final class AsidGenerations implements AsidScheme {
    private final int ids;
    private final int end;
    private final HartOrders orders;
    private final BitSet used = new BitSet();
    private final BitSet flushPending = new BitSet();
    private final long[] active;
    private final long[] reserved;
    private final int[] current;
    private long generation;
    private int searchFrom = 1;

    /// Creates generations, `ids` apart, of the ids below `end`.
    AsidGenerations(int ids, int end, HartOrders orders) {
        this.ids = ids;
        this.end = end;
        this.orders = orders;
        this.generation = ids;
        this.active = new long[orders.hartCount()];
        this.reserved = new long[orders.hartCount()];
        this.current = new int[orders.hartCount()];
        // Id 0 is the boot id.
        used.set(0);
    }

    /// `set_mm_asid`.
    @Override
    public void load(TaggedSpace space, int hart) {
        if (active[hart] == 0 || generationOf(space.context()) != generation) {
            if (generationOf(space.context()) != generation) {
                space.setContext(newContext(space.context()));
            }
            if (flushPending.get(hart)) {
                flushPending.clear(hart);
                orders.dropAtRollover(hart);
            }
        }
        active[hart] = space.context();
        current[hart] = id(space);
    }

    /// `__new_context`.
    private long newContext(long old) {
        if (old != 0) {
            long renewed = generation | idOf(old);
            if (updateReserved(old, renewed)) {
                return renewed;
            }
            if (!used.get(idOf(old))) {
                used.set(idOf(old));
                return renewed;
            }
        }
        int id = used.nextClearBit(searchFrom);
        if (id >= end) {
            beginGeneration();
            id = used.nextClearBit(1);
        }
        used.set(id);
        searchFrom = id;
        return generation | id;
    }

    /// `check_update_reserved_context`: a space that ran when the generation began keeps its id, on all harts.
    private boolean updateReserved(long old, long renewed) {
        boolean found = false;
        for (int hart = 0; hart < reserved.length; hart++) {
            if (reserved[hart] == old) {
                reserved[hart] = renewed;
                found = true;
            }
        }
        return found;
    }

    /// `__flush_context`.
    private void beginGeneration() {
        generation += ids;
        used.clear();
        for (int hart = 0; hart < active.length; hart++) {
            if (active[hart] != 0) {
                // Else it has not switched since the last generation began, and still runs what it ran then.
                reserved[hart] = active[hart];
            }
            active[hart] = 0;
            used.set(idOf(reserved[hart]));
        }
        used.set(0);
        flushPending.set(0, active.length);
        orders.record(Counter.ASID_ROLLOVER);
    }

    @Override
    public int id(int hart) {
        return current[hart];
    }

    @Override
    public int id(TaggedSpace space) {
        return idOf(space.context());
    }

    @Override
    public boolean outlastsSwitches() {
        return true;
    }

    private long generationOf(long context) {
        return context & -ids;
    }

    private int idOf(long context) {
        return (int) (context & ids - 1);
    }
}
