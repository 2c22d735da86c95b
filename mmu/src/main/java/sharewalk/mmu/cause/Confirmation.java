package sharewalk.mmu.cause;

import java.util.Set;
import sharewalk.mmu.cache.HartSeed;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.tlb.TlbTag;
import sharewalk.mmu.walk.PageWalkCache;
import sharewalk.mmu.walk.PageWalker;
import sharewalk.mmu.walk.Rights;
import sharewalk.mmu.walk.WalkMode;
import sharewalk.mmu.walk.WalkResult;
import sharewalk.mmu.walk.WalkerProfile;

/// The question whether a TLB entry still is what the tables say: the same frame and rights, its page not smaller in
/// the tables, and no dirtier than there. Asking changes nothing.
final class Confirmation {
    private static final WalkMode OF_USER_PAGES = WalkMode.USER_MODE.with(WalkMode.PURE);
    private static final WalkMode OF_OTHER_PAGES = WalkMode.SUPERVISOR_MODE.with(WalkMode.PURE);

    private final PhysicalMemory memory;
    private final PageWalker walker;
    private final WalkResult walk = new WalkResult();

    Confirmation(PagingMode paging, PhysicalMemory memory, Set<PagingFeature> features) {
        this.memory = memory;
        walker = PageWalker.of(
                paging, memory, new PageWalkCache(WalkerProfile.NO_CACHES, paging, new HartSeed(0, 0)), features);
    }

    /// Returns whether an entry agrees with the tables below a root.
    boolean confirms(long rootPfn, long tag, long translation) {
        AccessType access = (translation & Rights.READ) != 0 ? AccessType.LOAD : AccessType.FETCH;
        WalkMode mode = (translation & Rights.USER) != 0 ? OF_USER_PAGES : OF_OTHER_PAGES;
        walker.walk(rootPfn, TlbTag.virtAddr(tag), access, mode, walk);
        return walk.isTranslated()
                && 1L << walk.pageShift() >= TlbTag.sizeBytes(tag)
                && walk.physAddr() == Marked.address(translation)
                && Marked.sameRights(walk.translation(), translation)
                && (walk.isDirty() || (translation & Rights.DIRTY) == 0);
    }

    /// Returns whether the tables below a root have an entry of `level` on the way to `virtAddr` that leads to this
    /// table with these [Rights].
    boolean leadsTo(long rootPfn, long virtAddr, int level, long tableAndRights) {
        return walker.leadsTo(rootPfn, virtAddr, level, tableAndRights, walk);
    }

    /// Returns whether an entry, whatever the hardware sets in it, still lies at a physical address.
    boolean liesAt(long entryAddress, long entry) {
        return memory.read64(entryAddress) == entry;
    }
}
