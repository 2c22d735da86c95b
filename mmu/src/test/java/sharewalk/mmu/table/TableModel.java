package sharewalk.mmu.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.paging.Permissions;

/// What several tables map, as plainly as it can be said: for each a sorted map of leaves, and windows that lead to
/// sorted maps which several tables share.
final class TableModel {
    /// One mapped page or superpage.
    record Leaf(long pfn, Permissions permissions, boolean dirty, int level) {
        long sizeBytes() {
            return level == 0 ? 0x1000 : TableOperation.MIB_2;
        }

        Leaf withoutWrite() {
            return new Leaf(pfn, permissions.withoutWrite(), dirty, level);
        }

        boolean isPresent() {
            return !permissions.isNone();
        }
    }

    /// The content of a shared subtree, by offset.
    static final class Shared {
        /// The only table that may change it, or -1.
        final int host;

        final NavigableMap<Long, Leaf> leaves = new TreeMap<>();

        /// Whether nothing in it can be written, whatever its leaves say.
        boolean guarded;

        Shared(int host) {
            this.host = host;
        }
    }

    private static final class Space {
        final NavigableMap<Long, Leaf> own = new TreeMap<>();
        final NavigableMap<Long, Shared> windows = new TreeMap<>();
    }

    private final long windowBytes;
    private final List<Space> spaces = new ArrayList<>();

    TableModel(int tables, long windowBytes) {
        this.windowBytes = windowBytes;
        for (int i = 0; i < tables; i++) {
            spaces.add(new Space());
        }
    }

    /// Returns everything a table maps, by address.
    NavigableMap<Long, Leaf> view(int table) {
        NavigableMap<Long, Leaf> view = new TreeMap<>(spaces.get(table).own);
        spaces.get(table)
                .windows
                .forEach((start, shared) -> shared.leaves.forEach(
                        (offset, leaf) -> view.put(start + offset, shared.guarded ? leaf.withoutWrite() : leaf)));
        return view;
    }

    /// Returns what a table maps at addresses of `[start, end)`.
    NavigableMap<Long, Leaf> view(int table, long start, long end) {
        NavigableMap<Long, Leaf> part = new TreeMap<>();
        view(table).forEach((virtAddr, leaf) -> {
            if (virtAddr < end && virtAddr + leaf.sizeBytes() > start) {
                part.put(virtAddr, leaf);
            }
        });
        return part;
    }

    void put(int table, long virtAddr, Leaf leaf) {
        Map.Entry<Long, Shared> window = windowOf(table, virtAddr);
        if (window == null) {
            spaces.get(table).own.put(virtAddr, leaf);
        } else {
            window.getValue().leaves.put(virtAddr - window.getKey(), leaf);
        }
    }

    void remove(int table, long virtAddr) {
        Map.Entry<Long, Shared> window = windowOf(table, virtAddr);
        if (window == null) {
            spaces.get(table).own.remove(virtAddr);
        } else {
            window.getValue().leaves.remove(virtAddr - window.getKey());
        }
    }

    boolean mayEdit(int table, long virtAddr) {
        Map.Entry<Long, Shared> window = windowOf(table, virtAddr);
        return window == null || window.getValue().host < 0 || window.getValue().host == table;
    }

    /// Returns everything that each table maps.
    List<NavigableMap<Long, Leaf>> views() {
        List<NavigableMap<Long, Leaf>> views = new ArrayList<>();
        for (int table = 0; table < spaces.size(); table++) {
            views.add(view(table));
        }
        return views;
    }

    /// Returns whether a change of the range would cut a superpage or touch what only a host may.
    boolean isRefused(int table, long start, long end, NavigableMap<Long, Leaf> there) {
        return there.entrySet().stream()
                .anyMatch(entry -> entry.getKey() < start
                        || entry.getKey() + entry.getValue().sizeBytes() > end
                        || !mayEdit(table, entry.getKey()));
    }

    /// Returns whether nothing is in the way of a window.
    boolean isRoom(int table, long start) {
        return view(table, start, start + windowBytes).isEmpty()
                && windows(table, start, start + windowBytes).isEmpty();
    }

    /// Returns what tells a leaf from every other, however many windows show it.
    Object place(int table, long virtAddr) {
        Map.Entry<Long, Shared> window = windowOf(table, virtAddr);
        return window == null
                ? List.of(table, virtAddr)
                : List.of(System.identityHashCode(window.getValue()), virtAddr - window.getKey(), "shared");
    }

    /// Makes what a table maps under a window shared.
    Shared share(int table, long start) {
        Shared shared = new Shared(-1);
        Map<Long, Leaf> under = spaces.get(table).own.subMap(start, start + windowBytes);
        under.forEach((virtAddr, leaf) -> shared.leaves.put(virtAddr - start, leaf));
        under.clear();
        attach(table, start, shared);
        return shared;
    }

    /// Makes what a window of a table shows its own, its rights as `edit` says.
    void unshare(int table, long start, UnaryOperator<Leaf> edit) {
        Shared shared = Objects.requireNonNull(spaces.get(table).windows.remove(start));
        shared.leaves.forEach((offset, leaf) -> spaces.get(table).own.put(start + offset, edit.apply(leaf)));
    }

    /// Returns the windows of a table that overlap `[start, end)`.
    Map<Long, Shared> windows(int table, long start, long end) {
        return spaces.get(table).windows.subMap(start - windowBytes, false, end, false);
    }

    void attach(int table, long virtAddr, Shared shared) {
        spaces.get(table).windows.put(virtAddr, shared);
    }

    void detach(int table, long virtAddr) {
        spaces.get(table).windows.remove(virtAddr);
    }

    /// Returns in how many windows of all tables a shared content appears.
    int attachments(Shared shared) {
        int count = 0;
        for (Space space : spaces) {
            for (Shared candidate : space.windows.values()) {
                count += candidate == shared ? 1 : 0;
            }
        }
        return count;
    }

    /// Returns what must be told when `before` is replaced by `after`, either of which may be missing.
    static ChangeKind debt(@Nullable Leaf before, @Nullable Leaf after) {
        boolean present = after != null && after.isPresent();
        if (before == null || !before.isPresent()) {
            return present ? ChangeKind.ADDED : ChangeKind.NONE;
        }
        if (after == null || !present) {
            return ChangeKind.NARROWED_OR_REMOVED;
        }
        boolean same = after.pfn == before.pfn && after.level == before.level && (after.dirty || !before.dirty);
        if (!same || !after.permissions.covers(before.permissions)) {
            return ChangeKind.NARROWED_OR_REMOVED;
        }
        return after.permissions.equals(before.permissions) ? ChangeKind.NONE : ChangeKind.PERMISSIONS_WIDENED;
    }

    private Map.@Nullable Entry<Long, Shared> windowOf(int table, long virtAddr) {
        Map.Entry<Long, Shared> nearest = spaces.get(table).windows.floorEntry(virtAddr);
        return nearest != null && virtAddr < nearest.getKey() + windowBytes ? nearest : null;
    }
}
