package sharewalk.mmu.walk;

import java.util.ArrayList;
import java.util.List;

/// A cache told naively: for each set a list of keys, first to go at the front.
final class NaiveCache {
    private final int ways;
    private final boolean hitsMatter;
    private final List<List<Long>> sets = new ArrayList<>();

    NaiveCache(int sets, int ways, boolean hitsMatter) {
        this.ways = ways;
        this.hitsMatter = hitsMatter;
        for (int i = 0; i < sets; i++) {
            this.sets.add(new ArrayList<>());
        }
    }

    int ways() {
        return ways;
    }

    boolean holds(long key, long number) {
        return set(number).contains(key);
    }

    void use(long key, long number) {
        List<Long> set = set(number);
        if (hitsMatter && set.remove(key)) {
            set.add(key);
        }
    }

    void fill(long key, long number) {
        List<Long> set = set(number);
        if (set.contains(key)) {
            return;
        }
        if (set.size() == ways) {
            set.removeFirst();
        }
        set.add(key);
    }

    void drop(long key, long number) {
        set(number).remove(key);
    }

    private List<Long> set(long number) {
        return sets.get((int) (number % sets.size()));
    }
}
