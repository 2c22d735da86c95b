package sharewalk.mmu.cause;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.count.MissCause;
import sharewalk.mmu.count.MissFigure;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.DomainRanges;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.Tlb;
import sharewalk.mmu.tlb.TlbHierarchy;
import sharewalk.mmu.tlb.TlbHierarchyGeometry;
import sharewalk.mmu.walk.PageWalkCache;
import sharewalk.mmu.walk.TableJudge;
import sharewalk.mmu.walk.WalkMode;
import sharewalk.mmu.walk.WalkResult;
import sharewalk.mmu.walk.WalkerProfile;

/// Why a hart's translation caches miss, found out by a second set of them that sees the same accesses and is spared
/// every flush.
///
/// A miss is charged to a flush only if this set hits where the real one misses, and the entry it hits was named by
/// that flush since it was last used. What a flush rightly removes, because the tables no longer say so, is removed
/// here too: its miss was needed. Entries are tagged with address spaces, not with the hardware's ids, so that giving
/// an id to another space is a flush like any other.
///
/// Its first-level TLBs tell the same listeners as the real ones: a page must be quiet in both to be answered
/// elsewhere. So it is as exact as they are, under every replacement policy.
public final class FlushShadow {
    private final ShadowCaches caches;
    private final ShadowSpaces spaces;
    private final ScopedEntries entries = new ScopedEntries();
    private final Confirmation confirmation;
    private CounterMap counters = CounterMap.all(new Counters());

    private Set<FlushCause> spared = Set.of();

    /// What the flush under way is to be blamed for, null if it is spared.
    private @Nullable MissCause flushing;

    private long dropped;

    private final ScopedEntries.Rule counting = this::count;
    private final TableJudge judge = new Judge(false);
    private final TableJudge realJudge = new Judge(true);
    private final AnyEntry dropsTables = new AnyEntry();
    private final ScopedEntries.Rule marking = this::mark;
    private final ScopedEntries.Rule sparing = this::spare;

    /// What there is a shadow of.
    ///
    /// @param everyAccessSeen whether every access is seen, and so capacity told from conflict in the first level
    public record Hardware(
            TlbHierarchyGeometry tlbs,
            WalkerProfile walker,
            PagingMode paging,
            PhysicalMemory memory,
            boolean everyAccessSeen) {}

    /// Creates an empty shadow. Its random choices are drawn from the same seeds as the real ones.
    public FlushShadow(
            Hardware hardware, HartSeed seed, QuietPageListener dataListener, QuietPageListener fetchListener) {
        caches = new ShadowCaches(hardware, seed, dataListener, fetchListener);
        spaces = caches.spaces();
        confirmation = new Confirmation(
                hardware.paging(), hardware.memory(), hardware.walker().features());
    }

    /// Switches to an address space.
    ///
    /// @param tableDomains the ranges whose partial translations are tagged with ids of their own
    public void enter(AddressSpaceRegister space, DomainRanges tableDomains) {
        caches.enter(space, tableDomains);
    }

    /// Sets the privilege and the control bits of later accesses.
    public void setMode(WalkMode mode) {
        caches.setMode(mode);
    }

    /// Sets the counters that later events are charged to, by virtual address.
    public void chargeTo(CounterMap map) {
        counters = map;
    }

    /// Keeps the entry of a page from being the victim of the next access.
    public void pin(long virtPage) {
        caches.pin(virtPage);
    }

    /// Ends what [#pin] has begun.
    public void unpin() {
        caches.unpin();
    }

    /// Makes an access that has hit the real first level.
    ///
    /// @param translation of the page of `1 << pageShift` bytes, of a leaf of `1 << leafShift`
    public void hit(long virtAddr, AccessType access, long translation, int pageShift, int leafShift) {
        if (caches.hitFirst(virtAddr, access, translation)) {
            return;
        }
        caches.access(virtAddr, access, translation, pageShift, leafShift);
        Counters charged = counters.at(virtAddr);
        charged.record(MissCause.SPARED, first(access), 1);
        recordSparedSecond(charged);
    }

    /// Makes an access that has missed the real first level and hit the second.
    public void missedFirst(long virtAddr, AccessType access, long translation, int pageShift, int leafShift) {
        caches.access(virtAddr, access, translation, pageShift, leafShift);
        Counters charged = counters.at(virtAddr);
        charged.record(caches.firstCause(), first(access), 1);
        recordSparedSecond(charged);
    }

    private void recordSparedSecond(Counters charged) {
        if (caches.walked()) {
            charged.record(MissCause.SPARED, MissFigure.L2_MISSES, 1);
            charged.record(MissCause.SPARED, MissFigure.WALK_STEPS, caches.steps());
        }
    }

    /// Makes an access that has missed both real levels and walked, with success or not.
    public void walked(long virtAddr, AccessType access, WalkResult walk) {
        if (walk.isTranslated()) {
            caches.access(virtAddr, access, walk.translation(), walk.pageShift(), walk.pageShift());
        } else {
            caches.fault(virtAddr, access);
        }
        Counters charged = counters.at(virtAddr);
        charged.record(caches.firstCause(), first(access), 1);
        charged.record(caches.secondCause(), MissFigure.L2_MISSES, 1);
        if (walk.isTranslated()) {
            caches.noteRealWalk(virtAddr, walk.level());
        }
        int both = Math.min(walk.reads(), caches.steps());
        if (caches.walked()) {
            charged.record(caches.secondCause(), MissFigure.WALK_STEPS, both);
            charged.record(caches.tablesCause(), MissFigure.WALK_STEPS, walk.reads() - both);
            charged.record(MissCause.SPARED, MissFigure.WALK_STEPS, caches.steps() - both);
        } else {
            charged.record(caches.secondCause(), MissFigure.WALK_STEPS, walk.reads());
        }
    }

    /// Makes an access that a real TLB entry forbids, which is no miss.
    public void refused(long virtAddr, AccessType access) {
        caches.fault(virtAddr, access);
        Counters charged = counters.at(virtAddr);
        if (caches.walked()) {
            charged.record(MissCause.SPARED, first(access), 1);
        }
        recordSparedSecond(charged);
    }

    /// Forgets what a page fault drops: there is no sparing that.
    public void dropAfterFault(long virtAddr) {
        caches.dropAfterFault(virtAddr);
    }

    /// Lets flushes for some causes drop only what they must: what the tables no longer say.
    public void spare(Set<FlushCause> causes) {
        spared = causes;
    }

    /// Notes a flush before it drops anything: what it will drop, and who is to blame when it is missed. Returns
    /// whether it has to be made: one that is spared has been.
    public boolean flushed(TlbHierarchy real, PageWalkCache realTables, InvalidationScope scope, FlushCause cause) {
        dropped = 0;
        boolean isSpared = spared.contains(cause);
        if (isSpared) {
            real.forEach(tlb -> entries.visit(tlb, scope, asid(scope), sparing));
            realTables.invalidateUnless(realJudge, scope);
        } else {
            real.forEach(tlb -> entries.visit(tlb, scope, asid(scope), counting));
        }
        counters.other().recordFlush(cause, dropped);
        dropsTables.any = false;
        realTables.invalidateUnless(dropsTables, scope);
        markShadow(scope, cause, isSpared);
        return !isSpared;
    }

    private void markShadow(InvalidationScope scope, FlushCause cause, boolean isSpared) {
        int space = scope instanceof InvalidationScope.All ? Spaces.NONE : spaces.ofAsid(asid(scope));
        if (space == Spaces.NONE && !(scope instanceof InvalidationScope.All)) {
            return;
        }
        flushing = isSpared ? null : MissCause.of(cause);
        caches.forEachTlb(tlb -> entries.visit(tlb, scope, space, marking));
        caches.invalidateTablesUnless(judge, of(scope, space));
        if (flushing != null && dropsTables.any) {
            caches.noteTables(space, flushing);
        }
    }

    private long count(Tlb tlb, int slot) {
        dropped++;
        return tlb.translation(slot);
    }

    private long mark(Tlb tlb, int slot) {
        long translation = tlb.translation(slot);
        long tag = tlb.tag(slot);
        if (confirmation.confirms(spaces.rootOf(tag), tag, Marked.unmarked(translation))) {
            return flushing == null ? translation : Marked.by(flushing, translation);
        }
        caches.noteChange(tlb, slot);
        return ScopedEntries.Rule.DROP;
    }

    private long spare(Tlb tlb, int slot) {
        long translation = tlb.translation(slot);
        long tag = tlb.tag(slot);
        if (confirmation.confirms(spaces.rootOfReal(tag), tag, translation)) {
            return translation;
        }
        dropped++;
        return ScopedEntries.Rule.DROP;
    }

    /// Returns whether an access to `virtAddr` may evict the entry of `virtPage` from the L1D. Changes nothing.
    public boolean mayEvict(long virtPage, long virtAddr) {
        return caches.mayEvict(virtPage, virtAddr);
    }

    private static InvalidationScope of(InvalidationScope scope, int space) {
        return switch (scope) {
            case InvalidationScope.Page(int _, long virtAddr, boolean tables) ->
                new InvalidationScope.Page(space, virtAddr, tables);
            case InvalidationScope.Range(int _, long start, long end, boolean tables) ->
                new InvalidationScope.Range(space, start, end, tables);
            case InvalidationScope.Asid _ -> new InvalidationScope.Asid(space);
            case InvalidationScope.All all -> all;
        };
    }

    private static int asid(InvalidationScope scope) {
        return switch (scope) {
            case InvalidationScope.Page(int asid, long _, boolean _) -> asid;
            case InvalidationScope.Range(int asid, long _, long _, boolean _) -> asid;
            case InvalidationScope.Asid(int asid) -> asid;
            case InvalidationScope.All() -> 0;
        };
    }

    private static MissFigure first(AccessType access) {
        return access == AccessType.FETCH ? MissFigure.L1I_MISSES : MissFigure.L1D_MISSES;
    }

    /// Keeps everything, and knows whether there was anything.
    private static final class AnyEntry implements TableJudge {
        private boolean any;

        @Override
        public boolean leadsTo(int asid, long virtAddr, int level, long tableAndRights) {
            any = true;
            return true;
        }

        @Override
        public boolean liesAt(long entryAddress, long entry) {
            any = true;
            return true;
        }
    }

    private final class Judge implements TableJudge {
        private final boolean ofReal;

        Judge(boolean ofReal) {
            this.ofReal = ofReal;
        }

        @Override
        public boolean leadsTo(int asid, long virtAddr, int level, long tableAndRights) {
            long rootPfn = ofReal ? spaces.rootOfAsid(asid) : spaces.rootOfSpace(asid);
            return confirmation.leadsTo(rootPfn, virtAddr, level, tableAndRights);
        }

        @Override
        public boolean liesAt(long entryAddress, long entry) {
            return confirmation.liesAt(entryAddress, entry);
        }
    }
}
