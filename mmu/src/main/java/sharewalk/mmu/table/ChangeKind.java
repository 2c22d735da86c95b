package sharewalk.mmu.table;

import sharewalk.mmu.paging.Permissions;
import sharewalk.mmu.paging.PteFormat;

/// What a change of a table makes stale, from nothing to most. Which kind needs which invalidation on which ISA is the
/// business of whoever redeems it.
public enum ChangeKind {
    /// Nothing that hardware may hold.
    NONE,
    /// An absent entry became present.
    ADDED,
    /// A present leaf got more rights.
    PERMISSIONS_WIDENED,
    /// A present leaf lost rights, its dirty bit or its frame, or was removed.
    NARROWED_OR_REMOVED,
    /// A table page was unlinked: entries that point at it may be cached too.
    TABLES_FREED;

    /// Returns the kind that covers both.
    ChangeKind and(ChangeKind other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /// Returns what replacing one leaf, held leaf or absent entry by another makes stale. Setting or clearing the
    /// accessed bit and setting the dirty bit make nothing stale.
    static ChangeKind ofLeaf(PteFormat format, long oldPte, long newPte, int level) {
        if (!format.isPresent(oldPte)) {
            return format.isPresent(newPte) ? ADDED : NONE;
        }
        if (!format.isPresent(newPte)
                || format.leafPfn(oldPte, level) != format.leafPfn(newPte, level)
                || (format.isDirty(oldPte) && !format.isDirty(newPte))) {
            return NARROWED_OR_REMOVED;
        }
        Permissions before = format.permissions(oldPte);
        Permissions after = format.permissions(newPte);
        if (before.equals(after)) {
            return NONE;
        }
        return after.covers(before) ? PERMISSIONS_WIDENED : NARROWED_OR_REMOVED;
    }
}
