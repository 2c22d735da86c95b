package sharewalk.kernel.mm.flush;

import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;

/// What is to be forgotten of an address space: the leaves of `[start, end)`, which lie `strideBytes` apart, or
/// everything when `whole`, cached table entries included; with `tables`, those of the range too, because tables may
/// be freed.
///
/// @param chargedAt the address of the current process that it is charged to
public record Flush(
        long start, long end, long strideBytes, boolean whole, boolean tables, FlushCause cause, long chargedAt) {
    /// Creates a flush charged to its first address.
    public Flush(long start, long end, long strideBytes, boolean whole, boolean tables, FlushCause cause) {
        this(start, end, strideBytes, whole, tables, cause, start);
    }

    public Flush {
        if (start >= end) {
            throw new IllegalArgumentException("empty range [%#x, %#x)".formatted(start, end));
        }
    }

    /// Returns the invalidations it takes, one by one.
    long steps() {
        return (end - start + strideBytes - 1) / strideBytes;
    }

    /// Returns a flush of everything if this one would take more than `ceiling` invalidations.
    Flush wholeAbove(long ceiling) {
        return whole || steps() <= ceiling ? this : wholeSpace();
    }

    /// Returns a flush of everything in the space of this one. It frees tables if this one does: how much a hart
    /// forgets does not decide which harts are told (x86's `freed_tables`).
    Flush wholeSpace() {
        return new Flush(start, end, strideBytes, true, tables, cause, chargedAt);
    }

    /// Returns what a hart is to forget that knows the space by `id`.
    InvalidationScope scope(int id) {
        if (whole) {
            return new InvalidationScope.Asid(id);
        }
        return steps() == 1
                ? new InvalidationScope.Page(id, start, tables)
                : new InvalidationScope.Range(id, start, end, tables);
    }
}
