package sharewalk.mmu;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.Counter;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.Counters;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.count.WalkBreakdown;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.Tlb;
import sharewalk.mmu.tlb.TlbEntryVisitor;
import sharewalk.mmu.tlb.TlbHierarchy;
import sharewalk.mmu.tlb.TlbTag;
import sharewalk.mmu.walk.PageWalkCache;
import sharewalk.mmu.walk.PageWalker;
import sharewalk.mmu.walk.PteCache;
import sharewalk.mmu.walk.Rights;
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

    private static final long PAGE_MASK = PhysicalMemory.FRAME_BYTES - 1;

    private final MachineProfile profile;
    private final int hart;

    /// Bits above the translated ones, which a canonical address repeats the highest translated one in.
    private final int unusedAddressBits;

    private final TlbHierarchy tlbs;
    private final Tlb second;
    private final PageWalkCache walkCache;
    private final PageWalker walker;
    private final WalkResult walk = new WalkResult();

    /// The walk behind a dirty update or a question, which the last counted walk must survive.
    private final WalkResult aside = new WalkResult();

    private WalkMode mode;
    private WalkMode pureMode;
    private long rootPfn;
    private int asid;
    private CounterMap counters = CounterMap.all(new Counters());
    private @Nullable WalkObserver observer;

    public Mmu(
            MachineProfile profile,
            PagingMode paging,
            PhysicalMemory memory,
            HartSeed seed,
            QuietPageListener dataListener,
            QuietPageListener fetchListener) {
        this.profile = profile;
        hart = seed.hart();
        unusedAddressBits = Long.SIZE - paging.virtAddrBits();
        second = new Tlb(profile.l2(), seed.of("l2"), QuietPageListener.NONE);
        tlbs = new TlbHierarchy(
                new Tlb(profile.l1i(), seed.of("l1i"), fetchListener),
                new Tlb(profile.l1d(), seed.of("l1d"), dataListener),
                second);
        walkCache = new PageWalkCache(profile.walker(), paging, seed);
        walker = PageWalker.of(paging, memory, walkCache, profile.walker().features());
        WalkMode user = WalkMode.USER_MODE;
        mode = profile.hardwareUpdate() ? user : user.without(WalkMode.HARDWARE_UPDATE);
        pureMode = mode.with(WalkMode.PURE);
    }

    public MachineProfile profile() {
        return profile;
    }

    public int hart() {
        return hart;
    }

    public int asid() {
        return asid;
    }

    public long rootPfn() {
        return rootPfn;
    }

    /// Switches to another root table and address space. Nothing is forgotten: entries are tagged.
    ///
    /// Preconditions: `0 <= asid <= profile().maxAsid()`.
    public void setRoot(long newRootPfn, int newAsid) {
        if (newAsid < 0 || newAsid > profile.maxAsid()) {
            throw new IllegalArgumentException("ASID " + newAsid + " needs more than " + profile.asidBits() + " bits");
        }
        rootPfn = newRootPfn;
        asid = newAsid;
    }

    /// Sets the privilege and the control bits that later accesses are checked against.
    ///
    /// Preconditions: not [WalkMode#PURE].
    public void setMode(WalkMode newMode) {
        if (newMode.has(WalkMode.PURE)) {
            throw new IllegalArgumentException("a hart's mode is not pure");
        }
        mode = newMode;
        pureMode = newMode.with(WalkMode.PURE);
    }

    /// Sets the counters that later events are charged to, by virtual address.
    public void chargeTo(CounterMap map) {
        counters = map;
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
        return translate(virtAddr, access, tlbs.first(access).find(asid, pinnedVirtPage));
    }

    private long translate(long virtAddr, AccessType access, int pinnedSlot) {
        if (!isCanonical(virtAddr)) {
            return Translation.ofFault(WalkFault.NON_CANONICAL);
        }
        Tlb first = tlbs.first(access);
        int slot = first.find(asid, virtAddr);
        if (slot == Tlb.NO_SLOT) {
            return missFirst(first, virtAddr, access, pinnedSlot);
        }
        long translation = first.translation(slot);
        if (!mode.permits(rights(translation), access)) {
            return Translation.ofFault(WalkFault.PROTECTION);
        }
        if (access == AccessType.STORE && (translation & Rights.DIRTY) == 0) {
            translation = makeDirty(first, slot, virtAddr);
            if (translation < 0) {
                return translation == STALE ? missStale(first, virtAddr, access, pinnedSlot) : translation;
            }
            int behind = second.find(asid, virtAddr);
            if (behind != Tlb.NO_SLOT) {
                second.replaceTranslation(behind, second.translation(behind) | Rights.DIRTY);
            }
        }
        first.touch(slot);
        return answer(translation, TlbTag.level(first.tag(slot)), virtAddr, access);
    }

    private long missFirst(Tlb first, long virtAddr, AccessType access, int pinnedSlot) {
        int slot = second.find(asid, virtAddr);
        if (slot == Tlb.NO_SLOT) {
            return missBoth(first, virtAddr, access, pinnedSlot);
        }
        long translation = second.translation(slot);
        if (!mode.permits(rights(translation), access)) {
            return Translation.ofFault(WalkFault.PROTECTION);
        }
        if (access == AccessType.STORE && (translation & Rights.DIRTY) == 0) {
            translation = makeDirty(second, slot, virtAddr);
            if (translation < 0) {
                return translation == STALE ? missStale(first, virtAddr, access, pinnedSlot) : translation;
            }
        }
        counters.at(virtAddr).record(missOf(access));
        long tag = second.tag(slot);
        second.touch(slot);
        first.insert(tag, translation, pinnedSlot);
        return answer(translation, TlbTag.level(tag), virtAddr, access);
    }

    /// Sets the dirty bit of the page behind a clean entry, and the entry's; returns the entry's translation, a fault,
    /// or [#STALE] where the tables have another page for the address.
    private long makeDirty(Tlb holder, int slot, long virtAddr) {
        walker.walk(rootPfn, virtAddr, AccessType.STORE, mode, aside);
        if (!aside.isTranslated()) {
            return Translation.ofFault(aside.fault());
        }
        long translation = holder.translation(slot);
        if (isStale(holder.tag(slot), translation)) {
            return STALE;
        }
        counters.at(virtAddr).record(Counter.DIRTY_UPDATE);
        holder.replaceTranslation(slot, translation | Rights.DIRTY);
        return translation | Rights.DIRTY;
    }

    /// Misses after the walk of a dirty update has proved what is cached for an address wrong.
    private long missStale(Tlb first, long virtAddr, AccessType access, int pinnedSlot) {
        first.invalidateEvery(asid, virtAddr);
        second.invalidateEvery(asid, virtAddr);
        return missBoth(first, virtAddr, access, pinnedSlot);
    }

    private long missBoth(Tlb first, long virtAddr, AccessType access, int pinnedSlot) {
        walker.walkCached(rootPfn, asid, virtAddr, access, mode, walk);
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
        if (!walk.isTranslated()) {
            return Translation.ofFault(walk.fault());
        }
        long translation = walk.translation();
        long tag = TlbTag.of(asid, virtAddr, walk.level(), walk.isGlobal());
        second.insert(tag, translation, Tlb.NO_SLOT);
        first.insert(tag, translation, pinnedSlot);
        return answer(translation, walk.level(), virtAddr, access);
    }

    /// Returns what [#translate] would, but changes nothing and counts nothing.
    public long peek(long virtAddr, AccessType access) {
        if (!isCanonical(virtAddr)) {
            return Translation.ofFault(WalkFault.NON_CANONICAL);
        }
        Tlb holder = tlbs.first(access);
        int slot = holder.find(asid, virtAddr);
        if (slot == Tlb.NO_SLOT) {
            holder = second;
            slot = holder.find(asid, virtAddr);
        }
        if (slot != Tlb.NO_SLOT) {
            long translation = holder.translation(slot);
            if (!mode.permits(rights(translation), access)) {
                return Translation.ofFault(WalkFault.PROTECTION);
            }
            boolean dirties = access == AccessType.STORE && (translation & Rights.DIRTY) == 0;
            if (!dirties) {
                return answer(translation, TlbTag.level(holder.tag(slot)), virtAddr, access);
            }
            walker.walk(rootPfn, virtAddr, access, pureMode, aside);
            if (!aside.isTranslated()) {
                return Translation.ofFault(aside.fault());
            }
            if (!isStale(holder.tag(slot), translation)) {
                return answer(translation | Rights.DIRTY, aside.level(), virtAddr, access);
            }
        }
        walker.walkCached(rootPfn, asid, virtAddr, access, pureMode, aside);
        return aside.isTranslated()
                ? answer(aside.translation(), aside.level(), virtAddr, access)
                : Translation.ofFault(aside.fault());
    }

    /// Returns the page of this address space that a load of `virtAddr` would evict from the L1D, or -1 if it would
    /// evict none (it hits, faults, finds room, or evicts another address space's). Changes nothing.
    public long nextVictim(long virtAddr) {
        Tlb data = tlbs.first(AccessType.LOAD);
        if (!isCanonical(virtAddr) || data.find(asid, virtAddr) != Tlb.NO_SLOT) {
            return -1;
        }
        int slot = second.find(asid, virtAddr);
        int level;
        if (slot != Tlb.NO_SLOT) {
            level = TlbTag.level(second.tag(slot));
        } else {
            walker.walkCached(rootPfn, asid, virtAddr, AccessType.LOAD, pureMode, aside);
            if (!aside.isTranslated()) {
                return -1;
            }
            level = aside.level();
        }
        long victim = data.victimTag(virtAddr, level);
        return victim >= 0 && (TlbTag.isGlobal(victim) || TlbTag.asid(victim) == asid) ? TlbTag.virtAddr(victim) : -1;
    }

    /// Returns whether [#nextVictim] of `virtAddr` is `virtPage`, mostly without looking further than the L1D.
    ///
    /// Preconditions: the L1D has one set, where the size of the page does not matter.
    public boolean isNextVictim(long virtAddr, long virtPage) {
        long victim = tlbs.first(AccessType.LOAD).victimTag(virtAddr, 0);
        return victim >= 0 && TlbTag.virtAddr(victim) == virtPage && nextVictim(virtAddr) == virtPage;
    }

    /// Forgets what `scope` names, in every TLB and in the walk cache.
    public void invalidate(InvalidationScope scope) {
        tlbs.invalidate(scope);
        walkCache.invalidate(scope);
    }

    /// Forgets what `scope` names, for a reason that later misses may be charged to.
    public void invalidate(InvalidationScope scope, FlushCause cause) {
        invalidate(scope);
    }

    /// Forgets what is held for a faulting address: what a page fault does by itself on x86 (Intel SDM 3A 4.10.4.1).
    public void dropAfterFault(long virtAddr) {
        tlbs.invalidatePage(asid, virtAddr);
        walkCache.invalidateAddress(asid, virtAddr);
    }

    /// Walks the current tables past every cache, changing nothing: what a TLB entry may be compared with.
    public void inspect(long virtAddr, AccessType access, WalkResult into) {
        walker.walk(rootPfn, virtAddr, access, pureMode, into);
    }

    /// Walks the current tables as [#inspect(long, AccessType, WalkResult)], with the privilege and control bits given.
    void inspect(long virtAddr, AccessType access, WalkMode as, WalkResult into) {
        walker.walk(rootPfn, virtAddr, access, as.with(WalkMode.PURE), into);
    }

    /// Shows every entry of the first-level TLB of an access.
    public void forEachFirstLevelEntry(AccessType access, TlbEntryVisitor visitor) {
        tlbs.first(access).forEachEntry(visitor);
    }

    /// Shows every entry of the second-level TLB.
    public void forEachSecondLevelEntry(TlbEntryVisitor visitor) {
        second.forEachEntry(visitor);
    }

    /// Returns how often two sizes were cached for one address ([Tlb#sizeConflicts]).
    public long sizeConflicts() {
        return tlbs.sizeConflicts();
    }

    private boolean isCanonical(long virtAddr) {
        return virtAddr << unusedAddressBits >> unusedAddressBits == virtAddr;
    }

    /// Returns whether the tables, just walked into `aside`, disagree with a TLB entry about the page's place or size.
    private boolean isStale(long tag, long translation) {
        return aside.level() != TlbTag.level(tag) || aside.leafAddress() != (translation & ~(long) Rights.MASK);
    }

    private long answer(long translation, int level, long virtAddr, AccessType access) {
        long offset = virtAddr & ((1L << (PhysicalMemory.FRAME_SHIFT + 9 * level)) - 1) & ~PAGE_MASK;
        long page = (translation & ~(long) Rights.MASK) + offset;
        return page
                | switch (access) {
                    case FETCH -> Translation.RIGHT_EXECUTE;
                    case STORE -> Translation.RIGHT_READ | Translation.RIGHT_WRITE;
                    case LOAD -> Translation.RIGHT_READ | (mayStore(translation) ? Translation.RIGHT_WRITE : 0);
                };
    }

    private boolean mayStore(long translation) {
        return (translation & Rights.DIRTY) != 0 && mode.permits(rights(translation), AccessType.STORE);
    }

    private static int rights(long translation) {
        return (int) translation & Rights.MASK;
    }

    private static Counter missOf(AccessType access) {
        return switch (access) {
            case LOAD -> Counter.L1D_LOAD_MISS;
            case STORE -> Counter.L1D_STORE_MISS;
            case FETCH -> Counter.L1I_MISS;
        };
    }
}
