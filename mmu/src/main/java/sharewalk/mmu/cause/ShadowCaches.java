package sharewalk.mmu.cause;

import java.util.function.Consumer;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.count.MissCause;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.DomainRanges;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.Tlb;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.tlb.TlbHierarchy;
import sharewalk.mmu.tlb.TlbTag;
import sharewalk.mmu.walk.PageWalkCache;
import sharewalk.mmu.walk.PageWalker;
import sharewalk.mmu.walk.Rights;
import sharewalk.mmu.walk.TableJudge;
import sharewalk.mmu.walk.WalkMode;
import sharewalk.mmu.walk.WalkResult;

/// The caches of a [FlushShadow], and what an access finds in them. Its outcome can be asked for until the next.
final class ShadowCaches {
    private static final int NOT_HELD = -1;
    private static final long PAGE_BYTES = 4096;
    private static final AccessType[] BOTH_SIDES = {AccessType.LOAD, AccessType.FETCH};

    private final ShadowSpaces spaces = new ShadowSpaces();
    private final TlbHierarchy tlbs;
    private final PageWalkCache walkCache;
    private final PageWalker walker;
    private final WalkResult walk = new WalkResult();
    private final int levels;
    private final Fates fetchFates;
    private final Fates dataFates;
    private final Fates secondFates;
    private final Fates secondFetchFates;

    private WalkMode mode = WalkMode.USER_MODE;
    private WalkMode keepingMode = keeping(mode);
    private long pinnedPage;
    private boolean pins;

    private MissCause firstCause = MissCause.COLD;
    private MissCause secondCause = MissCause.COLD;
    private boolean walked;
    private final TableFlushes tableFlushes = new TableFlushes();
    private MissCause tablesCause = MissCause.INDIRECT;
    private int steps;

    ShadowCaches(
            FlushShadow.Hardware hardware,
            HartSeed seed,
            QuietPageListener dataListener,
            QuietPageListener fetchListener) {
        tlbs = new TlbHierarchy(
                hardware.tlbs(), seed, spaces.listeningFor(dataListener), spaces.listeningFor(fetchListener));
        walkCache = new PageWalkCache(hardware.walker(), hardware.paging(), seed);
        walkCache.tagBy((virtAddr, shift, _) -> spaces.idOfBlock(virtAddr, shift));
        walker = PageWalker.of(
                hardware.paging(),
                hardware.memory(),
                walkCache,
                hardware.walker().features());
        levels = hardware.paging().levels();
        fetchFates = new Fates(hardware.tlbs().l1i(), hardware.everyAccessSeen());
        dataFates = new Fates(hardware.tlbs().l1d(), hardware.everyAccessSeen());
        // The second level is asked at first-level misses alone, all of which are seen.
        secondFates = new Fates(hardware.tlbs().l2(), true);
        TlbGeometry l2i = hardware.tlbs().l2i();
        secondFetchFates = l2i == null ? secondFates : new Fates(l2i, true);
    }

    private static WalkMode keeping(WalkMode mode) {
        return mode.with(WalkMode.PURE | WalkMode.KEEPING);
    }

    ShadowSpaces spaces() {
        return spaces;
    }

    void forEachTlb(Consumer<Tlb> action) {
        tlbs.forEach(action);
    }

    void enter(AddressSpaceRegister space, DomainRanges tableDomains) {
        spaces.enter(space, tableDomains, this::forget);
    }

    private void forget(int given) {
        InvalidationScope everything = new InvalidationScope.Asid(given);
        tlbs.invalidate(everything);
        walkCache.invalidate(everything);
        tableFlushes.forget(given);
        for (Fates fates : new Fates[] {fetchFates, dataFates, secondFates, secondFetchFates}) {
            fates.forget(given);
        }
    }

    void setMode(WalkMode newMode) {
        mode = newMode;
        keepingMode = keeping(newMode);
    }

    void pin(long virtPage) {
        pinnedPage = virtPage;
        pins = true;
    }

    void unpin() {
        pins = false;
    }

    void invalidateTablesUnless(TableJudge judge, InvalidationScope scope) {
        walkCache.invalidateUnless(judge, scope);
    }

    /// Makes an access that can be answered from the first level, or else returns false.
    boolean hitFirst(long virtAddr, AccessType access, long translation) {
        int space = spaces.idOf(virtAddr);
        Tlb first = tlbs.first(access);
        int slot = first.find(space, virtAddr);
        if (slot == Tlb.NO_SLOT) {
            return false;
        }
        use(access, slot, space, virtAddr, translation);
        return true;
    }

    private void use(AccessType access, int slot, int space, long virtAddr, long translation) {
        Tlb first = tlbs.first(access);
        long held = Marked.unmarked(first.translation(slot));
        if ((translation & ~held & Rights.DIRTY) != 0) {
            held |= Rights.DIRTY;
            Tlb second = tlbs.second(access);
            int behind = second.find(space, virtAddr);
            if (behind != Tlb.NO_SLOT) {
                second.replaceTranslation(behind, second.translation(behind) | Rights.DIRTY);
            }
        }
        first.replaceTranslation(slot, held);
        first.touch(slot);
        firstFates(access).used(first, slot, space, virtAddr);
    }

    /// Makes an access that the real caches translate to a page of `1 << pageShift` bytes of a leaf of
    /// `1 << leafShift`.
    void access(long virtAddr, AccessType access, long translation, int pageShift, int leafShift) {
        int space = spaces.idOf(virtAddr);
        Tlb first = tlbs.first(access);
        int pinned = pins ? first.find(spaces.idOf(pinnedPage), pinnedPage) : Tlb.NO_SLOT;
        walked = false;
        steps = 0;
        long page = target(virtAddr, translation, pageShift);
        int slot = current(first, firstFates(access), space, virtAddr, page);
        if (slot != Tlb.NO_SLOT) {
            int mark = Marked.mark(first.translation(slot));
            firstCause = Marked.cause(mark);
            secondCause = Marked.cause(clearSecond(access, space, virtAddr, mark));
            use(access, slot, space, virtAddr, translation);
            return;
        }
        firstCause = firstFates(access).missing(space, virtAddr, leafShift);
        Tlb second = tlbs.second(access);
        int behind = current(second, secondFates(access), space, virtAddr, page);
        if (behind == Tlb.NO_SLOT) {
            secondCause = secondFates(access).missing(space, virtAddr, leafShift);
            behind = walkAndFill(virtAddr, access, translation, pageShift, space);
        } else {
            long held = second.translation(behind);
            secondCause = Marked.cause(Marked.mark(held));
            second.replaceTranslation(behind, Marked.unmarked(held) | translation & Rights.DIRTY);
            second.touch(behind);
        }
        secondFates(access).used(second, behind, space, virtAddr);
        long tag = second.tag(behind);
        int filled = first.insert(tag, virtAddr, second.translation(behind), second.leafShift(behind), pinned);
        firstFates(access).filled(space, virtAddr, leafShift);
        firstFates(access).used(first, filled, space, virtAddr);
    }

    /// Clears the mark in a second level that a hit of the first, marked too, does not ask: the real second level has
    /// the page now. Returns the mark of what a hit of either would have taken.
    private int clearSecond(AccessType access, int space, long virtAddr, int firstMark) {
        Tlb second = tlbs.second(access);
        int behind = second.find(space, virtAddr);
        if (behind == Tlb.NO_SLOT) {
            return firstMark;
        }
        long held = second.translation(behind);
        int secondMark = Marked.mark(held);
        second.replaceTranslation(behind, Marked.unmarked(held));
        return Marked.ofEither(firstMark, secondMark);
    }

    /// Walks past what flushes have dropped, and fills the second level. Returns the slot.
    private int walkAndFill(long virtAddr, AccessType access, long translation, int pageShift, int space) {
        walked = true;
        walk(virtAddr, access);
        long page = target(virtAddr, translation, pageShift);
        if (!agrees(page)) {
            forgetTables(virtAddr);
            walk(virtAddr, access);
        }
        tablesCause = tableFlushes.since(tableKey(virtAddr, TableFlushes.lowestCached(walk)));
        boolean agrees = agrees(page);
        long found = agrees ? walk.translation() : translation;
        int leafShift = agrees ? walk.pageShift() : pageShift;
        long tag = TlbTag.of(space, virtAddr, leafShift, (found & Rights.GLOBAL) != 0);
        secondFates(access).filled(space, virtAddr, leafShift);
        return tlbs.second(access).insert(tag, virtAddr, found, leafShift, Tlb.NO_SLOT);
    }

    private void walk(long virtAddr, AccessType access) {
        walker.walkCached(spaces.rootPfn(), spaces.current(), virtAddr, access, keepingMode, walk);
        steps = walk.reads();
    }

    private void forgetTables(long virtAddr) {
        walkCache.invalidate(new InvalidationScope.Page(spaces.current(), virtAddr, true));
        int ofLowest = spaces.idOfBlock(virtAddr, TableFlushes.shiftOf(1));
        if (ofLowest != spaces.current()) {
            walkCache.invalidate(new InvalidationScope.Page(ofLowest, virtAddr, true));
        }
    }

    private boolean agrees(long page) {
        return walk.isTranslated() && same(target(walk.virtAddr(), walk.translation(), walk.pageShift()), page);
    }

    /// Makes an access for which the real walker has found no translation.
    void fault(long virtAddr, AccessType access) {
        int space = spaces.idOf(virtAddr);
        walked = false;
        steps = 0;
        int refused = refusedBy(tlbs.first(access), firstFates(access), space, virtAddr, access);
        if (refused == NOT_HELD) {
            refused = refusedBy(tlbs.second(access), secondFates(access), space, virtAddr, access);
        } else {
            Tlb second = tlbs.second(access);
            int behind = second.find(space, virtAddr);
            refused =
                    behind == Tlb.NO_SLOT ? refused : Marked.ofEither(refused, Marked.mark(second.translation(behind)));
        }
        // What an entry of either level forbids faults without a miss being counted.
        firstCause = refused == NOT_HELD ? MissCause.UNTRANSLATED : Marked.cause(refused);
        secondCause = firstCause;
        if (refused != NOT_HELD) {
            return;
        }
        walked = true;
        walk(virtAddr, access);
        if (walk.isTranslated()) {
            forgetTables(virtAddr);
            walk(virtAddr, access);
        }
        tablesCause = tableFlushes.since(tableKey(virtAddr, TableFlushes.lowestCached(walk)));
    }

    /// Notes that the real walker has gone through the table entries above `level`, which its cache has held since.
    void noteRealWalk(long virtAddr, int level) {
        for (int above = level + 1; above < levels; above++) {
            tableFlushes.walked(tableKey(virtAddr, above));
        }
    }

    private long tableKey(long virtAddr, int level) {
        return TableFlushes.key(spaces.idOfBlock(virtAddr, TableFlushes.shiftOf(level)), virtAddr, level);
    }

    /// Returns the mark of an entry that forbids an access, as a hit does that touches nothing, or [#NOT_HELD]. An
    /// entry that allows it is not true any more.
    private int refusedBy(Tlb tlb, Fates fates, int space, long virtAddr, AccessType access) {
        int slot = tlb.find(space, virtAddr);
        if (slot == Tlb.NO_SLOT) {
            return NOT_HELD;
        }
        if (!mode.permits((int) tlb.translation(slot) & Rights.MASK, access)) {
            return Marked.mark(tlb.translation(slot));
        }
        drop(tlb, fates, slot, space, virtAddr);
        return NOT_HELD;
    }

    /// Returns the slot of the entry for an address if it agrees with a page, dropping one that does not.
    private static int current(Tlb tlb, Fates fates, int space, long virtAddr, long page) {
        int slot = tlb.find(space, virtAddr);
        if (slot == Tlb.NO_SLOT) {
            return slot;
        }
        long held = Marked.unmarked(tlb.translation(slot));
        if (same(target(virtAddr, held, TlbTag.pageShift(tlb.tag(slot))), page)) {
            return slot;
        }
        drop(tlb, fates, slot, space, virtAddr);
        return Tlb.NO_SLOT;
    }

    private static void drop(Tlb tlb, Fates fates, int slot, int space, long virtAddr) {
        fates.changed(space, virtAddr, tlb.leafShift(slot));
        tlb.invalidateEvery(space, virtAddr);
    }

    /// Returns the 4 KiB page that an address translates to, with its [Rights].
    private static long target(long virtAddr, long translation, int pageShift) {
        return translation + (virtAddr & ((1L << pageShift) - 1) & -PAGE_BYTES);
    }

    private static boolean same(long target, long other) {
        return ((target ^ other) & ~(long) Rights.DIRTY) == 0;
    }

    /// Notes that an entry is about to be dropped because it is not true any more.
    void noteChange(Tlb tlb, int slot) {
        long tag = tlb.tag(slot);
        int space = Math.max(TlbTag.asid(tag), 0);
        Fates fates = tlb == tlbs.first(AccessType.LOAD)
                ? dataFates
                : tlb == tlbs.first(AccessType.FETCH)
                        ? fetchFates
                        : tlb == tlbs.second(AccessType.LOAD) ? secondFates : secondFetchFates;
        fates.changed(space, TlbTag.virtAddr(tag), tlb.leafShift(slot));
    }

    void dropAfterFault(long virtAddr) {
        int space = spaces.idOf(virtAddr);
        for (AccessType access : BOTH_SIDES) {
            dropIfHeld(tlbs.first(access), firstFates(access), space, virtAddr);
            dropIfHeld(tlbs.second(access), secondFates(access), space, virtAddr);
        }
        walkCache.invalidateAddress(spaces.current(), virtAddr);
    }

    private static void dropIfHeld(Tlb tlb, Fates fates, int space, long virtAddr) {
        int slot = tlb.find(space, virtAddr);
        if (slot != Tlb.NO_SLOT && !TlbTag.isGlobal(tlb.tag(slot))) {
            fates.changed(space, virtAddr, tlb.leafShift(slot));
            tlb.invalidatePage(space, virtAddr);
        }
    }

    /// Returns whether the next access may take the place of the entry of `virtPage` in the L1D.
    boolean mayEvict(long virtPage, long virtAddr) {
        Tlb data = tlbs.first(AccessType.LOAD);
        int slot = data.find(spaces.idOf(virtPage), virtPage);
        return slot != Tlb.NO_SLOT
                && data.isNextVictim(slot)
                && data.find(spaces.idOf(virtAddr), virtAddr) == Tlb.NO_SLOT;
    }

    /// Notes a flush that has dropped cached table entries: of a space, or of all if it is [Spaces#NONE].
    void noteTables(int space, MissCause cause) {
        tableFlushes.flushed(space, cause);
    }

    /// Returns what to charge for table entries that the real walker has read and the shadow's has not: the flushes
    /// that have dropped such since a walk last went through them.
    MissCause tablesCause() {
        return tablesCause;
    }

    /// Returns why the first level misses: for itself, or because of the flushes without which it would not.
    MissCause firstCause() {
        return firstCause;
    }

    /// Returns why the second level misses. Meaningful where the real one has.
    MissCause secondCause() {
        return secondCause;
    }

    /// Returns whether a walk was made here.
    boolean walked() {
        return walked;
    }

    /// Returns the table entries that it read, 0 if there was none.
    int steps() {
        return steps;
    }

    private Fates firstFates(AccessType access) {
        return access == AccessType.FETCH ? fetchFates : dataFates;
    }

    private Fates secondFates(AccessType access) {
        return access == AccessType.FETCH ? secondFetchFates : secondFates;
    }
}
