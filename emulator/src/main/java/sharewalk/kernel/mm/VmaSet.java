package sharewalk.kernel.mm;

import static sharewalk.abi.Errno.EINVAL;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The VMAs of an address space, ordered and disjoint; adjacent ones that could be one are one.
public final class VmaSet {
    private final TreeMap<Long, Vma> byStart = new TreeMap<>();
    private final Listener listener;
    private @Nullable Vma lastFound;
    private long version;

    VmaSet(Listener listener) {
        this.listener = listener;
    }

    /// Returns the area that contains an address.
    public @Nullable Vma find(long virtAddr) {
        Vma last = lastFound;
        if (last != null && last.contains(virtAddr)) {
            return last;
        }
        Map.Entry<Long, Vma> floor = byStart.floorEntry(virtAddr);
        if (floor == null || !floor.getValue().contains(virtAddr)) {
            return null;
        }
        lastFound = floor.getValue();
        return lastFound;
    }

    /// Returns the area that contains an address.
    ///
    /// Preconditions: there is one.
    Vma at(long virtAddr) {
        Vma vma = find(virtAddr);
        if (vma == null) {
            throw new IllegalStateException("no area at %#x".formatted(virtAddr));
        }
        return vma;
    }

    /// Returns the lowest area that ends above an address: the one that contains it, or the next.
    public @Nullable Vma findOrNext(long virtAddr) {
        Vma containing = find(virtAddr);
        return containing != null ? containing : valueOf(byStart.higherEntry(virtAddr));
    }

    /// Returns the highest area that starts below an address.
    public @Nullable Vma startingBelow(long virtAddr) {
        return valueOf(byStart.lowerEntry(virtAddr));
    }

    /// Returns the lowest area that starts at or above an address.
    public @Nullable Vma startingAtOrAbove(long virtAddr) {
        return valueOf(byStart.ceilingEntry(virtAddr));
    }

    /// Returns the areas that have an address in `[start, end)`, in order.
    public List<Vma> overlapping(long start, long end) {
        List<Vma> found = new ArrayList<>();
        Vma vma = findOrNext(start);
        while (vma != null && vma.start() < end) {
            found.add(vma);
            vma = startingAtOrAbove(vma.end());
        }
        return found;
    }

    /// Returns whether every address of `[start, end)` lies in an area.
    public boolean covers(long start, long end) {
        long next = start;
        while (next < end) {
            Vma vma = find(next);
            if (vma == null) {
                return false;
            }
            next = vma.end();
        }
        return true;
    }

    /// Returns all areas in order of address; the view changes with the set.
    public Collection<Vma> all() {
        return Collections.unmodifiableCollection(byStart.values());
    }

    /// Returns the number of areas.
    public int size() {
        return byStart.size();
    }

    /// Returns a number that changes whenever an area appears, disappears or changes its addresses or traits.
    public long version() {
        return version;
    }

    void insert(Vma vma) {
        replace(List.of(), List.of(vma));
    }

    /// Puts areas in the place of others; what the new ones map is told of them before it loses the old ones. One
    /// change unless the new ones lie where the old ones did.
    void replace(List<Vma> olds, List<Vma> news) {
        remove(olds);
        if (!isSamePlace(olds, news)) {
            listener.changed(news.getFirst());
        }
        for (Vma vma : news) {
            if (!overlapping(vma.start(), vma.end()).isEmpty()) {
                throw new IllegalStateException("area over another: " + vma);
            }
            byStart.put(vma.start(), vma);
            listener.added(vma);
        }
        version++;
        gone(olds);
    }

    /// Puts areas of a window's choice in the place of an area: together they have its addresses, but for padding at
    /// its end.
    public void exchange(Vma old, List<Vma> news) {
        long next = old.start();
        for (Vma vma : news) {
            if (vma.start() != next) {
                throw new IllegalArgumentException("%s in the place of %s".formatted(news, old));
            }
            next = vma.end();
        }
        if (next > old.end()) {
            throw new IllegalArgumentException("%s in the place of %s".formatted(news, old));
        }
        replace(List.of(old), news);
    }

    /// Removes areas of which nobody is told before [#gone], for whom must not let go while pages are still mapped.
    void take(List<Vma> olds) {
        olds.forEach(listener::changed);
        remove(olds);
    }

    private void remove(List<Vma> olds) {
        for (Vma old : olds) {
            if (!byStart.remove(old.start(), old)) {
                throw new IllegalStateException("no such area: " + old);
            }
        }
        lastFound = null;
        version++;
    }

    /// Tells what areas taken out mapped that they are gone.
    void gone(List<Vma> taken) {
        taken.forEach(listener::removed);
    }

    /// Notes something of an area that neither reports nor counters can see.
    public void annotate(Vma old, Vma same) {
        if (!byStart.replace(old.start(), old, same)) {
            throw new IllegalStateException("no such area: " + old);
        }
        lastFound = null;
    }

    /// Cuts the area that has `virtAddr` inside it, if any, in two; a window may refuse.
    long splitAt(long virtAddr) {
        Vma vma = find(virtAddr);
        if (vma == null || vma.start() == virtAddr) {
            return 0;
        }
        if ((virtAddr & (vma.pageBytes() - 1)) != 0) {
            // hugetlb_vm_op_split
            return -EINVAL;
        }
        long error = listener.splitting(vma, virtAddr);
        Vma now = error == 0 ? find(virtAddr) : null;
        if (now != null && now.start() < virtAddr) {
            replace(List.of(now), List.of(now.over(now.start(), virtAddr), now.over(virtAddr, now.end())));
        }
        return error;
    }

    /// Merges what can be merged among the areas that touch `[start, end]`.
    public void mergeAround(long start, long end) {
        Vma vma = startingBelow(start);
        if (vma == null) {
            vma = startingAtOrAbove(start);
        }
        while (vma != null && vma.end() <= end) {
            Vma next = startingAtOrAbove(vma.end());
            if (next != null && vma.mergesWith(next)) {
                Vma merged = vma.merged(next);
                replace(List.of(vma, next), List.of(merged));
                vma = merged;
            } else {
                vma = next;
            }
        }
    }

    private static boolean isSamePlace(List<Vma> olds, List<Vma> news) {
        return olds.size() == 1
                && news.size() == 1
                && olds.getFirst().start() == news.getFirst().start()
                && olds.getFirst().end() == news.getFirst().end();
    }

    private static @Nullable Vma valueOf(Map.@Nullable Entry<Long, Vma> entry) {
        return entry == null ? null : entry.getValue();
    }

    /// Who is told of areas coming and going.
    interface Listener {
        void added(Vma vma);

        void removed(Vma vma);

        /// Tells that an area is about to be cut in two at an address, where another area may lie afterwards; returns
        /// 0 or why it cannot be.
        long splitting(Vma vma, long virtAddr);

        /// Tells of an area inserted, taken out, resized, or the first of those that areas were split or merged into:
        /// once for each such change.
        void changed(Vma vma);
    }
}
