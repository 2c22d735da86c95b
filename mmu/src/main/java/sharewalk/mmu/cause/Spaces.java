package sharewalk.mmu.cause;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import sharewalk.mmu.tlb.TlbTag;

/// The address spaces that have run on a hart, each with an id of its own for as long as there are enough, and which of
/// them an id of the hardware stands for.
final class Spaces {
    /// No space.
    static final int NONE = -1;

    private static final int IDS = TlbTag.MAX_ASID + 1;

    private final Map<Long, Integer> ids = new HashMap<>();
    private long[] numbers = new long[16];
    private long[] roots = new long[16];
    private int[] byAsid = new int[0];
    private int used;
    private int oldest;

    /// Returns the id of the space with a number, or [#NONE] if it has none.
    int find(long number) {
        return ids.getOrDefault(number, NONE);
    }

    /// Gives an id to a space without one: a fresh one, or that of the space which got its id longest ago. What is kept
    /// under the id is another space's.
    int assign(long number) {
        int id = used < IDS ? fresh() : reused();
        numbers[id] = number;
        ids.put(number, id);
        return id;
    }

    private int fresh() {
        if (used == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * used);
            roots = Arrays.copyOf(roots, 2 * used);
        }
        return used++;
    }

    private int reused() {
        int id = oldest;
        oldest = (oldest + 1) % IDS;
        ids.remove(numbers[id]);
        for (int asid = 0; asid < byAsid.length; asid++) {
            if (byAsid[asid] == id) {
                byAsid[asid] = NONE;
            }
        }
        return id;
    }

    /// Notes the root of a space, and the hardware's id that stands for it on this hart from now on.
    void enter(int id, long rootPfn, int asid) {
        roots[id] = rootPfn;
        if (asid >= byAsid.length) {
            int before = byAsid.length;
            byAsid = Arrays.copyOf(byAsid, Math.max(asid + 1, 2 * before));
            Arrays.fill(byAsid, before, byAsid.length, NONE);
        }
        byAsid[asid] = id;
    }

    /// Returns the frame of the root of a space, as it was when the space ran last.
    long rootPfn(int id) {
        return roots[id];
    }

    /// Returns the space that an id of the hardware stands for, or [#NONE].
    int ofAsid(int asid) {
        return asid < byAsid.length ? byAsid[asid] : NONE;
    }
}
