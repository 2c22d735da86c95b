package sharewalk.kernel.mm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The huge pages promised to private mappings of one address space, by the address that they are promised for (the
/// reservation map of a VMA that owns one). A promise is kept by the first page that an address gets, and renewed when
/// that page is given up while the mapping stays. Children have none: theirs are made from what is left.
final class HugeReservations {
    /// A promise: of which pool, and whether the page has been taken.
    private record Promise(HugePagePool pool, boolean isKept) {}

    private final TreeMap<Long, Promise> promises = new TreeMap<>();

    /// Notes that a page is promised for each address of a new mapping; the pool has been asked.
    void add(HugePagePool pool, long start, long end) {
        for (long page = start; page < end; page += pool.pageBytes()) {
            promises.put(page, new Promise(pool, false));
        }
    }

    /// Returns the first frame of a zeroed page of `pool` for an address, the promised one if there is a promise, or
    /// [sharewalk.mmu.memory.FrameAllocator#NO_FRAME].
    long take(HugePagePool pool, long page) {
        Promise promise = promises.get(page);
        if (promise == null || promise.isKept) {
            return pool.takeUnreserved();
        }
        promises.put(page, new Promise(pool, true));
        return pool.takeReserved();
    }

    /// Returns whether the page of an address was promised to this space, kept or not (HPAGE_RESV_OWNER).
    boolean isOwner(long page) {
        return promises.containsKey(page);
    }

    /// Notes that the page of an address is given up, its mapping stays.
    void givenUp(long page) {
        Promise promise = promises.get(page);
        if (promise != null && promise.isKept && promise.pool.surplus() == 0) {
            promise.pool.reserveAgain();
            promises.put(page, new Promise(promise.pool, false));
        }
    }

    /// Notes that nothing is mapped at addresses of `[start, end)` any more.
    void remove(long start, long end) {
        Map<Long, Promise> gone = promises.subMap(start, end);
        for (Promise promise : List.copyOf(gone.values())) {
            if (!promise.isKept) {
                promise.pool.unreserve(1);
            }
        }
        gone.clear();
    }

    /// Notes that what is mapped at `[from, from + sizeBytes)` is mapped at `target` instead.
    void move(long from, long sizeBytes, long target) {
        Map<Long, Promise> old = promises.subMap(from, from + sizeBytes);
        List<Map.Entry<Long, Promise>> moved = new ArrayList<>();
        old.forEach((page, promise) -> moved.add(Map.entry(page - from + target, promise)));
        old.clear();
        moved.forEach(entry -> promises.put(entry.getKey(), entry.getValue()));
    }
}
