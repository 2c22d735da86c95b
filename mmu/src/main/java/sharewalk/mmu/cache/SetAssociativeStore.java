package sharewalk.mmu.cache;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Keys in sets of ways. A *slot* is `set * ways + way`; what belongs to a key lies in arrays of the owner, by slot.
///
/// Any key is found in one set only. Invalid ways fill first, lowest first; a full set asks the policy for a victim.
public final class SetAssociativeStore {
    /// The key of an invalid way, and "no such slot".
    public static final long NO_KEY = -1;

    public static final int NO_SLOT = -1;

    /// Sets wider than this are searched through an index, not by scanning.
    private static final int WIDEST_SCAN = 16;

    private final int sets;
    private final int ways;

    /// `sets - 1` where sets is a power of two, else -1.
    private final int setMask;

    /// log2(ways) where ways is a power of two, else -1.
    private final int wayShift;

    private final long[] keys;
    private final int[] validWays;
    private final @Nullable KeyIndex index;
    private final ReplacementPolicy policy;
    private final boolean hitsMatter;
    private long evictedKey = NO_KEY;

    public SetAssociativeStore(int sets, int ways, ReplacementPolicy policy) {
        if (sets < 1 || ways < 1) {
            throw new IllegalArgumentException("a store needs at least one set and one way, not " + sets + "x" + ways);
        }
        this.sets = sets;
        this.ways = ways;
        this.policy = policy;
        setMask = Integer.bitCount(sets) == 1 ? sets - 1 : -1;
        wayShift = Integer.bitCount(ways) == 1 ? Integer.numberOfTrailingZeros(ways) : -1;
        keys = new long[Math.multiplyExact(sets, ways)];
        validWays = new int[sets];
        index = ways > WIDEST_SCAN ? new KeyIndex(keys.length) : null;
        hitsMatter = policy.hitsMatter();
        Arrays.fill(keys, NO_KEY);
    }

    /// Returns the number of slots.
    public int slots() {
        return keys.length;
    }

    /// Returns the set that `number` (a page number, a prefix) falls into: `number` mod sets.
    public int setOf(long number) {
        return setMask >= 0 ? (int) number & setMask : (int) Long.remainderUnsigned(number, sets);
    }

    /// Returns the set that `slot` lies in.
    public int setOfSlot(int slot) {
        return wayShift >= 0 ? slot >>> wayShift : slot / ways;
    }

    /// Returns the key in `slot`, or [#NO_KEY].
    public long key(int slot) {
        return keys[slot];
    }

    /// Returns the slot of `key` in `set`, or [#NO_SLOT]. Changes nothing.
    public int find(long key, int set) {
        if (index != null) {
            return index.find(key);
        }
        int first = set * ways;
        int end = first + ways;
        for (int slot = first; slot < end; slot++) {
            if (keys[slot] == key) {
                return slot;
            }
        }
        return NO_SLOT;
    }

    /// Returns whether hits change the state of the policy.
    public boolean hitsMatter() {
        return hitsMatter;
    }

    /// Tells the policy of a hit.
    public void touch(int slot) {
        if (hitsMatter) {
            int set = setOfSlot(slot);
            policy.touched(set, slot - set * ways);
        }
    }

    /// Returns the slot whose key the next [#insert] into `set` would drop, or [#NO_SLOT] if a way is free.
    ///
    /// It is never `pinnedSlot` ([#NO_SLOT] for none), except where the set has no other way: if the policy
    /// names the pinned one, the next way cyclically goes. Changes nothing.
    public int victim(int set, int pinnedSlot) {
        if (validWays[set] < ways) {
            return NO_SLOT;
        }
        int first = set * ways;
        int slot = first + policy.victim(set);
        if (slot == pinnedSlot) {
            slot = slot + 1 < first + ways ? slot + 1 : first;
        }
        return slot;
    }

    /// Puts `key` into `set` and returns its slot; [#evictedKey] tells what went. The pinned slot is kept as in
    /// [#victim].
    ///
    /// Preconditions: `key` is absent and not [#NO_KEY].
    @CanIgnoreReturnValue
    public int insert(long key, int set, int pinnedSlot) {
        assert key != NO_KEY && find(key, set) == NO_SLOT : "inserting a key twice";
        int slot = victim(set, pinnedSlot);
        if (slot == NO_SLOT) {
            slot = firstInvalid(set);
            validWays[set]++;
            evictedKey = NO_KEY;
        } else {
            evictedKey = keys[slot];
            policy.evicted(set);
            if (index != null) {
                index.remove(evictedKey);
            }
        }
        keys[slot] = key;
        if (index != null) {
            index.put(key, slot);
        }
        policy.filled(set, slot - set * ways);
        return slot;
    }

    /// Returns the key that the last [#insert] dropped, or [#NO_KEY].
    public long evictedKey() {
        return evictedKey;
    }

    /// Empties `slot`. The policy is not told.
    public void invalidate(int slot) {
        long key = keys[slot];
        if (key == NO_KEY) {
            return;
        }
        if (index != null) {
            index.remove(key);
        }
        keys[slot] = NO_KEY;
        validWays[setOfSlot(slot)]--;
    }

    /// Empties every slot. The policy is not told.
    public void invalidateAll() {
        Arrays.fill(keys, NO_KEY);
        Arrays.fill(validWays, 0);
        if (index != null) {
            index.clear();
        }
    }

    private int firstInvalid(int set) {
        int slot = set * ways;
        while (keys[slot] != NO_KEY) {
            slot++;
        }
        return slot;
    }
}
