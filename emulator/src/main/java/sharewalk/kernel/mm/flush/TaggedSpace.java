package sharewalk.kernel.mm.flush;

import java.util.BitSet;
import sharewalk.mmu.count.FlushCause;

/// What is known of who remembers one address space, and under which ids (Linux: `mm_context_t` and `mm_cpumask`).
public final class TaggedSpace {
    private final long number;
    private final BitSet harts = new BitSet();
    private long changes;
    private FlushCause lastCause = FlushCause.OTHER;
    /// How many changes there were before the first of the newest ones that all have the last cause.
    private long changesOfOtherCauses;
    private long context;
    private int globalId;
    private boolean isMoving;

    /// Creates the record of a new space. No two have the same number (`ctx_id`), which is above 0.
    public TaggedSpace(long number) {
        this.number = number;
    }

    /// Returns its number, which no other space of the machine ever has.
    public long number() {
        return number;
    }

    /// Returns the harts that may remember it.
    BitSet harts() {
        return harts;
    }

    /// Returns whether any hart but this one may remember it.
    boolean isSeenBesides(int hart) {
        int seen = harts.cardinality();
        return seen > 1 || (seen == 1 && !harts.get(hart));
    }

    /// Notes a change that makes something stale (`inc_mm_tlb_gen`).
    void change(FlushCause cause) {
        if (cause != lastCause) {
            lastCause = cause;
            changesOfOtherCauses = changes;
        }
        changes++;
    }

    /// Returns how many changes made something stale (`tlb_gen`).
    long changes() {
        return changes;
    }

    /// Returns the cause of all changes but the first `seen`, of which there are some.
    FlushCause causeSince(long seen) {
        return seen >= changesOfOtherCauses ? lastCause : FlushCause.SEVERAL;
    }

    /// Returns generation and id in one (RISC-V `mm->context.id`); 0 before the first.
    long context() {
        return context;
    }

    void setContext(long newContext) {
        context = newContext;
    }

    /// Returns the id it has on every hart (x86 `global_asid`), or 0.
    int globalId() {
        return globalId;
    }

    /// Gives it an id for every hart. Those that run it use their own ids until they are told (`asid_transition`).
    void assignGlobalId(int id) {
        globalId = id;
        isMoving = true;
    }

    void dropGlobalId() {
        globalId = 0;
        isMoving = false;
    }

    boolean isMoving() {
        return isMoving;
    }

    void moved() {
        isMoving = false;
    }
}
