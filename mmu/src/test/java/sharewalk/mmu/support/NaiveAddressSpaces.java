package sharewalk.mmu.support;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.walk.WalkFault;

/// What a few address spaces map, as plainly as it can be said: a sorted map of pages for each, and one that all see in
/// whom a window is attached.
public final class NaiveAddressSpaces {
    /// A page of `1 << shift` bytes.
    public record Page(long pfn, int shift, Permissions permissions, boolean dirty) {
        /// Returns this page with other rights.
        public Page with(Permissions other) {
            return new Page(pfn, shift, other, dirty);
        }

        /// Returns this page dirty or clean.
        public Page withDirty(boolean nowDirty) {
            return new Page(pfn, shift, permissions, nowDirty);
        }

        long sizeBytes() {
            return 1L << shift;
        }

        boolean grants(AccessType access) {
            return switch (access) {
                case LOAD -> permissions.read();
                case STORE -> permissions.write();
                case FETCH -> permissions.execute();
            };
        }
    }

    /// A page and its first address in one of the spaces.
    public record Mapped(long start, Page page) {
        /// Returns the physical address of an address in the page.
        public long physAddr(long virtAddr) {
            return (page.pfn << 12) + (virtAddr - start);
        }
    }

    private final List<NavigableMap<Long, Page>> own = new ArrayList<>();
    private final NavigableMap<Long, Page> shared = new TreeMap<>();
    private final Set<Integer> attached = new HashSet<>();
    private final long windowStart;
    private final long windowEnd;
    private final long ramBytes;

    public NaiveAddressSpaces(int spaces, long windowStart, long windowBytes, long ramBytes) {
        this.windowStart = windowStart;
        this.windowEnd = windowStart + windowBytes;
        this.ramBytes = ramBytes;
        for (int i = 0; i < spaces; i++) {
            own.add(new TreeMap<>());
        }
        attached.add(0);
    }

    /// Returns whether a space has the window.
    public boolean isAttached(int space) {
        return attached.contains(space);
    }

    /// Attaches the window to a space, or detaches it.
    public void attachOrDetach(int space) {
        if (!attached.remove(space)) {
            attached.add(space);
        }
    }

    /// Returns every page of a space that overlaps a range, by address.
    public NavigableMap<Long, Page> overlapping(int space, long start, long end) {
        NavigableMap<Long, Page> found = new TreeMap<>(own.get(space));
        if (isAttached(space)) {
            found.putAll(shared);
        }
        found.entrySet()
                .removeIf(entry -> entry.getKey() >= end
                        || entry.getKey() + entry.getValue().sizeBytes() <= start);
        return found;
    }

    /// Returns whether a change of a range stays on one side of the window, cuts no page and is the space's to make:
    /// the window's content is the host's, space 0.
    public boolean mayChange(int space, long start, long end) {
        boolean outside = end <= windowStart || start >= windowEnd;
        boolean inside = start >= windowStart && end <= windowEnd;
        boolean allowed = outside || (inside ? space == 0 : false);
        return allowed
                && overlapping(space, start, end).entrySet().stream()
                        .allMatch(entry -> entry.getKey() >= start
                                && entry.getKey() + entry.getValue().sizeBytes() <= end);
    }

    /// Maps a page, or with null unmaps whatever begins at an address.
    public void put(int space, long start, @Nullable Page page) {
        NavigableMap<Long, Page> pages = start >= windowStart && start < windowEnd ? shared : own.get(space);
        if (page == null) {
            pages.remove(start);
        } else {
            pages.put(start, page);
        }
    }

    /// Changes every page of a range.
    public void change(int space, long start, long end, UnaryOperator<Page> change) {
        overlapping(space, start, end).forEach((at, page) -> put(space, at, change.apply(page)));
    }

    /// Returns the page that translates an address, or null.
    public @Nullable Mapped at(int space, long virtAddr) {
        NavigableMap<Long, Page> there = overlapping(space, virtAddr, virtAddr + 1);
        return there.isEmpty()
                ? null
                : new Mapped(there.firstKey(), there.firstEntry().getValue());
    }

    /// Returns how an access of user mode ends.
    public WalkFault faultOf(int space, long virtAddr, AccessType access) {
        Mapped mapped = at(space, virtAddr);
        if (mapped == null || mapped.page.permissions.isNone()) {
            return WalkFault.NOT_PRESENT;
        }
        if (!mapped.page.grants(access)) {
            return WalkFault.PROTECTION;
        }
        return mapped.physAddr(virtAddr) < ramBytes ? WalkFault.NONE : WalkFault.BAD_PHYSICAL;
    }

    /// Notes an access that ends well.
    public void accessed(int space, long virtAddr, AccessType access) {
        Mapped mapped = at(space, virtAddr);
        if (mapped != null && access == AccessType.STORE) {
            put(space, mapped.start, mapped.page.withDirty(true));
        }
    }
}
