package sharewalk.mmu;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.cause.FlushShadow;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.count.WalkBreakdown;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.Tlb;
import sharewalk.mmu.tlb.TlbEntryVisitor;
import sharewalk.mmu.tlb.TlbHierarchy;
import sharewalk.mmu.tlb.TlbName;
import sharewalk.mmu.tlb.TlbTag;
import sharewalk.mmu.walk.PageWalkCache;
import sharewalk.mmu.walk.PageWalker;
import sharewalk.mmu.walk.PteCache;
import sharewalk.mmu.walk.Rights;
import sharewalk.mmu.walk.WalkCacheAudit;
import sharewalk.mmu.walk.WalkFault;
import sharewalk.mmu.walk.WalkMode;
import sharewalk.mmu.walk.WalkObserver;
import sharewalk.mmu.walk.WalkResult;

/// The memory management unit of one hart: looks up, on a miss walks and fills, and counts.
///
/// *One rule for faults:* whether an access is allowed is settled before anything is touched. An access that faults on
/// a TLB entry leaves no trace at all; one that faults in a walk is counted (misses, walk, faulting walk) and changes
/// nothing else. *One rule for misses:* a miss is counted if the access completes or walks.
///
/// An access that misses nothing and cannot change a TLB's state is *quiet*: who is told by a [QuietPageListener] may
/// answer it in this class's place, with the rights that [#translate] has returned.
public final class Mmu {
    /// The answer of a dirty update that finds the entry wrong; no fault has this number.
    private static final long STALE = Long.MIN_VALUE;

    private final MachineProfile profile;
    private final int hart;
    private final HartRegisters registers;
    private final TlbHierarchy tlbs;
    private final PageWalkCache walkCache;
    private final PageWalker walker;
    private final WalkCacheAudit walkCacheAudit;
    private final Forecast forecast;
    private final WalkResult walk = new WalkResult();

    /// The walk behind a dirty update, which the last counted walk must survive.
    private final WalkResult aside = new WalkResult();

    private int answeredShift;
    private CounterMap counters = CounterMap.all(new Counters());
    private @Nullable WalkObserver observer;
    private @Nullable FlushShadow shadow;

    public Mmu(
            MachineProfile profile,
            PagingMode paging,
            PhysicalMemory memory,
            HartSeed seed,
            QuietPageListener dataListener,
            QuietPageListener fetchListener) {
        this.profile = profile;
        hart = seed.hart();
        registers = new HartRegisters(profile, paging);
        tlbs = new TlbHierarchy(profile.tlbs(), seed, dataListener, fetchListener);
        walkCache = new PageWalkCache(profile.walker(), paging, seed);
        walker = PageWalker.of(paging, memory, walkCache, profile.walker().features());
        walkCacheAudit = new WalkCacheAudit(paging, memory, walkCache, walker);
        forecast = new Forecast(registers, tlbs, walker);
    }

    public MachineProfile profile() {
        return profile;
    }

    public int hart() {
        return hart;
    }

    /// Returns the address space, without domains where the machine's tags know none.
    public AddressSpaceRegister space() {
        return registers.space();
    }

    public int asid() {
        return registers.asid();
    }

    public long rootPfn() {
        return registers.rootPfn();
    }

    /// Switches to another address space. Nothing is forgotten: entries are tagged.
    ///
    /// Preconditions: no ASID and no domain's id is above `profile().maxAsid()`.
    public void setSpace(AddressSpaceRegister space) {
        registers.setSpace(space);
        if (profile.tags().sharedWalkCache()) {
            walkCache.tagBy(registers.tableDomains()::idOfBlock);
        }
        if (shadow != null) {
            shadow.enter(registers.space(), registers.tableDomains());
        }
    }

    /// Switches to an address space without domains ([AddressSpaceRegister#of]).
    public void setRoot(long rootPfn, int asid) {
        setSpace(AddressSpaceRegister.of(rootPfn, asid));
    }

    /// Sets the privilege and the control bits that later accesses are checked against. Bits are set by walks only if
    /// both the mode and the machine say so.
    ///
    /// Preconditions: not [WalkMode#PURE].
    public void setMode(WalkMode mode) {
        registers.setMode(mode);
        if (shadow != null) {
            shadow.setMode(registers.mode());
        }
    }

    /// Sets the counters that later events are charged to, by virtual address.
    public void chargeTo(CounterMap map) {
        counters = map;
        if (shadow != null) {
            shadow.chargeTo(map);
        }
    }

    /// Finds out why TLBs miss, by a shadow of this machine, before the first access.
    public void explainMisses(FlushShadow newShadow) {
        shadow = newShadow;
        newShadow.setMode(registers.mode());
        newShadow.enter(registers.space(), registers.tableDomains());
        newShadow.chargeTo(counters);
    }

    /// Sets who is shown every counted walk, or nobody.
    public void observe(@Nullable WalkObserver newObserver) {
        observer = newObserver;
    }

    /// Sets the data caches that counted walks read entries through; until then each comes from memory.
    public void readEntriesThrough(PteCache caches) {
        walker.readThrough(caches);
    }

    /// Returns the entries that counted walks needed, by level and by where they were found; it goes on growing.
    public WalkBreakdown walkBreakdown() {
        return walker.breakdown();
    }

    /// Returns the last counted walk.
    public WalkResult lastWalk() {
        return walk;
    }

    /// Makes one access as the hardware would and returns its [Translation].
    ///
    /// The rights that come with it: `FETCH` X; `STORE` R and W; `LOAD` R, and W where the entry is already dirty.
    public long translate(long virtAddr, AccessType access) {
        return translate(virtAddr, access, Tlb.NO_SLOT);
    }

    /// Makes one data access as [#translate], except that the entry of `pinnedVirtPage`, the first page of the same
    /// crossing access, is not the victim in the L1D.
    public long translatePinned(long virtAddr, AccessType access, long pinnedVirtPage) {
        int pinnedSlot = tlbs.first(access).find(registers.idOf(pinnedVirtPage), pinnedVirtPage);
        if (shadow == null) {
            return translate(virtAddr, access, pinnedSlot);
        }
        shadow.pin(pinnedVirtPage);
        long answer = translate(virtAddr, access, pinnedSlot);
        shadow.unpin();
        return answer;
    }

    private long translate(long virtAddr, AccessType access, int pinnedSlot) {
        if (!registers.isCanonical(virtAddr)) {
            return Translation.ofFault(WalkFault.NON_CANONICAL);
        }
        Tlb first = tlbs.first(access);
        int id = registers.idOf(virtAddr);
        int slot = first.find(id, virtAddr);
        if (slot == Tlb.NO_SLOT) {
            return missFirst(id, virtAddr, access, pinnedSlot);
        }
        long translation = first.translation(slot);
        if (!registers.permits(translation, access)) {
            return refuse(virtAddr, access, WalkFault.PROTECTION);
        }
        if (HartRegisters.isClean(translation, access)) {
            translation = makeDirty(first, slot, virtAddr);
            if (translation < 0) {
                return translation == STALE ? missStale(id, virtAddr, access, pinnedSlot) : translation;
            }
            Tlb second = tlbs.second(access);
            int behind = second.find(id, virtAddr);
            if (behind != Tlb.NO_SLOT) {
                second.replaceTranslation(behind, second.translation(behind) | Rights.DIRTY);
            }
        }
        first.touch(slot);
        int pageShift = TlbTag.pageShift(first.tag(slot));
        if (shadow != null) {
            shadow.hit(virtAddr, access, translation, pageShift, first.leafShift(slot));
        }
        return complete(translation, pageShift, virtAddr, access);
    }

    private long missFirst(int id, long virtAddr, AccessType access, int pinnedSlot) {
        Tlb second = tlbs.second(access);
        int slot = second.find(id, virtAddr);
        if (slot == Tlb.NO_SLOT) {
            return missBoth(id, virtAddr, access, pinnedSlot);
        }
        long translation = second.translation(slot);
        if (!registers.permits(translation, access)) {
            return refuse(virtAddr, access, WalkFault.PROTECTION);
        }
        if (HartRegisters.isClean(translation, access)) {
            translation = makeDirty(second, slot, virtAddr);
            if (translation < 0) {
                return translation == STALE ? missStale(id, virtAddr, access, pinnedSlot) : translation;
            }
        }
        counters.at(virtAddr).record(missOf(access));
        long tag = second.tag(slot);
        second.touch(slot);
        tlbs.first(access).insert(tag, virtAddr, translation, second.leafShift(slot), pinnedSlot);
        if (shadow != null) {
            shadow.missedFirst(virtAddr, access, translation, TlbTag.pageShift(tag), second.leafShift(slot));
        }
        return complete(translation, TlbTag.pageShift(tag), virtAddr, access);
    }

    private long refuse(long virtAddr, AccessType access, WalkFault fault) {
        if (shadow != null) {
            shadow.refused(virtAddr, access);
        }
        return Translation.ofFault(fault);
    }

    /// Sets the dirty bit of the page behind a clean entry, and the entry's; returns the entry's translation, a fault,
    /// or [#STALE] where the tables have another page for the address.
    private long makeDirty(Tlb holder, int slot, long virtAddr) {
        walker.walk(registers.rootPfn(), virtAddr, AccessType.STORE, registers.mode(), aside);
        if (!aside.isTranslated()) {
            return refuse(virtAddr, AccessType.STORE, aside.fault());
        }
        long translation = holder.translation(slot);
        if (Forecast.isStale(aside, holder.tag(slot), translation)) {
            return STALE;
        }
        counters.at(virtAddr).record(Counter.DIRTY_UPDATE);
        holder.replaceTranslation(slot, translation | Rights.DIRTY);
        return translation | Rights.DIRTY;
    }

    /// Misses after the walk of a dirty update has proved what is cached for an address wrong.
    private long missStale(int id, long virtAddr, AccessType access, int pinnedSlot) {
        tlbs.invalidateEvery(access, id, virtAddr);
        return missBoth(id, virtAddr, access, pinnedSlot);
    }

    private long missBoth(int id, long virtAddr, AccessType access, int pinnedSlot) {
        walker.walkCached(registers.rootPfn(), registers.asid(), virtAddr, access, registers.mode(), walk);
        Counters charged = counters.at(virtAddr);
        charged.record(missOf(access));
        charged.record(Counter.L2_MISS);
        charged.record(Counter.WALK);
        walker.charge(walk, charged);
        if (!walk.isTranslated()) {
            charged.record(Counter.FAULTING_WALK);
        }
        if (observer != null) {
            observer.walked(hart, virtAddr, access, walk);
        }
        if (shadow != null) {
            shadow.walked(virtAddr, access, walk);
        }
        if (!walk.isTranslated()) {
            return Translation.ofFault(walk.fault());
        }
        long translation = walk.translation();
        int leafShift = walk.pageShift();
        long tag = TlbTag.of(id, virtAddr, leafShift, walk.isGlobal());
        tlbs.second(access).insert(tag, virtAddr, translation, leafShift, Tlb.NO_SLOT);
        tlbs.first(access).insert(tag, virtAddr, translation, leafShift, pinnedSlot);
        return complete(translation, leafShift, virtAddr, access);
    }

    /// Answers an access that has just touched or filled the first level, given the page that was found for it.
    private long complete(long translation, int pageShift, long virtAddr, AccessType access) {
        answeredShift = tlbs.first(access).heldShift(pageShift);
        return Translation.of(translation, pageShift, virtAddr, access, registers);
    }

    /// Returns the size, as a shift, of the first-level entry that [#translate] has answered from last. A listener is
    /// told of that page as a whole.
    public int answeredShift() {
        return answeredShift;
    }

    /// Returns the size, as a shift, of the page whose entry, or piece, the first level holds for an address.
    ///
    /// Preconditions: it holds one.
    public int leafShift(long virtAddr, AccessType access) {
        Tlb first = tlbs.first(access);
        return first.leafShift(first.find(registers.idOf(virtAddr), virtAddr));
    }

    /// Returns what [#translate] would, but changes nothing and counts nothing.
    public long peek(long virtAddr, AccessType access) {
        return forecast.translation(virtAddr, access);
    }

    /// Returns the size, as a shift, of the page that [#peek] has answered from last.
    public int peekedShift() {
        return forecast.leafShift();
    }

    /// Returns whether a load of `virtAddr` would evict from the L1D the entry that translates `virtPage`, mostly
    /// without looking further than the L1D. Changes nothing.
    public boolean isNextVictim(long virtAddr, long virtPage) {
        return forecast.isVictim(virtAddr, virtPage) || (shadow != null && shadow.mayEvict(virtPage, virtAddr));
    }

    /// Forgets what `scope` names, in every TLB and in the walk cache, for a reason that later misses may be charged
    /// to.
    public void invalidate(InvalidationScope scope, FlushCause cause) {
        if (shadow == null || shadow.flushed(tlbs, walkCache, scope, cause)) {
            tlbs.invalidate(scope);
            walkCache.invalidate(scope);
        }
    }

    /// Forgets what is held for a faulting address: what a page fault does by itself on x86 (Intel SDM 3A 4.10.4.1).
    public void dropAfterFault(long virtAddr) {
        tlbs.invalidatePage(registers.idOf(virtAddr), virtAddr);
        walkCache.invalidateAddress(registers.asid(), virtAddr);
        if (shadow != null) {
            shadow.dropAfterFault(virtAddr);
        }
    }

    /// Walks the current tables past every cache, changing nothing: what a TLB entry may be compared with.
    public void inspect(long virtAddr, AccessType access, WalkResult into) {
        walker.walk(registers.rootPfn(), virtAddr, access, registers.pureMode(), into);
    }

    /// Walks the current tables as [#inspect(long, AccessType, WalkResult)], with the privilege and control bits given.
    void inspect(long virtAddr, AccessType access, WalkMode as, WalkResult into) {
        walker.walk(registers.rootPfn(), virtAddr, access, as.with(WalkMode.PURE), into);
    }

    /// Returns the comparison of the walk cache with the tables.
    WalkCacheAudit walkCacheAudit() {
        return walkCacheAudit;
    }

    /// Shows every entry of a TLB, nothing where the hart has no such one.
    public void forEachEntry(TlbName name, TlbEntryVisitor visitor) {
        Tlb tlb = tlbs.tlb(name);
        if (tlb != null) {
            tlb.forEachEntry(visitor);
        }
    }

    /// Returns how often two sizes were cached for one address ([Tlb#sizeConflicts]).
    public long sizeConflicts() {
        return tlbs.sizeConflicts();
    }

    private static Counter missOf(AccessType access) {
        return switch (access) {
            case LOAD -> Counter.L1D_LOAD_MISS;
            case STORE -> Counter.L1D_STORE_MISS;
            case FETCH -> Counter.L1I_MISS;
        };
    }
}
