package sharewalk.mmu.cache;

/// The ways of each set in a line, first to go at the head: linked lists in arrays, constant time for any width.
final class WayOrder {
    private final int ways;
    private final int[] next;
    private final int[] previous;
    private final int[] head;
    private final int[] tail;

    WayOrder(int sets, int ways) {
        this.ways = ways;
        next = new int[sets * ways];
        previous = new int[sets * ways];
        head = new int[sets];
        tail = new int[sets];
        for (int set = 0; set < sets; set++) {
            int base = set * ways;
            for (int way = 0; way < ways; way++) {
                next[base + way] = way + 1;
                previous[base + way] = way - 1;
            }
            tail[set] = ways - 1;
        }
    }

    int head(int set) {
        return head[set];
    }

    void moveToTail(int set, int way) {
        int last = tail[set];
        if (way == last) {
            return;
        }
        int base = set * ways;
        int after = next[base + way];
        if (way == head[set]) {
            head[set] = after;
        } else {
            int before = previous[base + way];
            next[base + before] = after;
            previous[base + after] = before;
        }
        next[base + last] = way;
        previous[base + way] = last;
        tail[set] = way;
    }
}
