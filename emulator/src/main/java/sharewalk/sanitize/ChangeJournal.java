package sharewalk.sanitize;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.table.LedgerWatcher;
import sharewalk.mmu.table.PendingInvalidation;

/// The latest changes of a machine's page tables, and what harts were told because of them.
public final class ChangeJournal implements LedgerWatcher {
    /// A stale entry is found at the next return to user mode, or when its address space comes back.
    private static final int MOST_KEPT = 1 << 14;

    private final IdentityHashMap<PendingInvalidation, TableEvent> owed = new IdentityHashMap<>();
    private final Deque<TableEvent> events = new ArrayDeque<>();
    private List<String> told = new ArrayList<>();
    private long changes;

    @Override
    public void entered(PendingInvalidation pending) {
        changes++;
        owed.put(pending, new TableEvent(changes, pending, CodeSite.current()));
    }

    @Override
    public void merged(PendingInvalidation part, PendingInvalidation whole) {
        @Nullable TableEvent partEvent = owed.remove(part);
        @Nullable TableEvent wholeEvent = owed.get(whole);
        if (partEvent != null && wholeEvent != null) {
            wholeEvent.include(partEvent);
        }
    }

    @Override
    public void redeemed(PendingInvalidation pending) {
        @Nullable TableEvent event = owed.remove(pending);
        if (event != null) {
            event.redeemed(CodeSite.current(), told);
            events.addLast(event);
            if (events.size() > MOST_KEPT) {
                events.removeFirst();
            }
        }
        told = new ArrayList<>();
    }

    /// Notes that a hart is told to forget, and why.
    public void told(int hart, InvalidationScope scope, FlushCause cause) {
        told.add("hart %d %s (%s)".formatted(hart, text(scope), cause.key()));
    }

    /// Returns the number of changes so far.
    public long changes() {
        return changes;
    }

    /// Returns the newest change that took something away at an address in the table of `rootPfn`; if there is none,
    /// the newest that added something there, or null.
    @Nullable
    TableEvent newest(long rootPfn, long virtAddr) {
        @Nullable TableEvent harmless = null;
        Iterator<TableEvent> newestFirst = events.descendingIterator();
        while (newestFirst.hasNext()) {
            TableEvent event = newestFirst.next();
            if (event.concerns(rootPfn, virtAddr)) {
                if (event.takesAway()) {
                    return event;
                }
                harmless = harmless == null ? event : harmless;
            }
        }
        return harmless;
    }

    private static String text(InvalidationScope scope) {
        return switch (scope) {
            case InvalidationScope.Page(int asid, long virtAddr, boolean tables) ->
                "page %#x of ASID %d%s".formatted(virtAddr, asid, tables ? " with tables" : "");
            case InvalidationScope.Range(int asid, long start, long end, boolean tables) ->
                "[%#x, %#x) of ASID %d%s".formatted(start, end, asid, tables ? " with tables" : "");
            case InvalidationScope.Asid(int asid) -> "all of ASID %d".formatted(asid);
            case InvalidationScope.All() -> "everything";
        };
    }
}
