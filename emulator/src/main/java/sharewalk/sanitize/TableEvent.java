package sharewalk.sanitize;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import sharewalk.mmu.table.ChangeKind;
import sharewalk.mmu.table.PendingInvalidation;
import sharewalk.mmu.table.PendingInvalidation.AffectedRange;

/// A change of page tables as it happened: what it made stale, where it was made, where it was taken for redeemed, and
/// what harts were told in between.
final class TableEvent {
    private static final int MOST_SHOWN = 8;

    private final long number;
    private ChangeKind kind;
    private final List<AffectedRange> ranges = new ArrayList<>();
    private final List<String> madeAt = new ArrayList<>();
    private List<String> told = List.of();
    private String redeemedAt = "";

    TableEvent(long number, PendingInvalidation pending, String site) {
        this.number = number;
        this.kind = pending.kind();
        ranges.addAll(pending.affected());
        madeAt.add(site);
    }

    /// Takes in a change that is part of this one from now on.
    void include(TableEvent part) {
        kind = kind.compareTo(part.kind) >= 0 ? kind : part.kind;
        ranges.addAll(part.ranges);
        for (String site : part.madeAt) {
            if (!madeAt.contains(site)) {
                madeAt.add(site);
            }
        }
    }

    void redeemed(String site, List<String> invalidations) {
        redeemedAt = site;
        told = invalidations;
    }

    /// Returns whether something that could have been cached was narrowed, replaced or removed.
    boolean takesAway() {
        return kind.compareTo(ChangeKind.NARROWED_OR_REMOVED) >= 0;
    }

    /// Returns whether it made something stale that the table of `rootPfn` translates for `virtAddr`.
    boolean concerns(long rootPfn, long virtAddr) {
        return ranges.stream()
                .anyMatch(range -> range.table().rootPfn() == rootPfn
                        && Long.compareUnsigned(virtAddr - range.start(), range.end() - range.start()) < 0);
    }

    @Override
    public String toString() {
        String harts = told.isEmpty()
                ? "nobody was told"
                : told.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "))
                        + (told.size() > MOST_SHOWN ? " and %d more".formatted(told.size() - MOST_SHOWN) : "");
        return "table change %d (%s) made at %s, redeemed at %s: %s"
                .formatted(number, kind, String.join(" and ", madeAt), redeemedAt, harts);
    }
}
