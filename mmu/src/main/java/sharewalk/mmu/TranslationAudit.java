package sharewalk.mmu;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sharewalk.mmu.StaleTranslation.Defect;
import sharewalk.mmu.memory.FrameTable;
import sharewalk.mmu.memory.FrameUse;
import sharewalk.mmu.memory.PhysicalMemory;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.tlb.TlbName;
import sharewalk.mmu.tlb.TlbTag;
import sharewalk.mmu.walk.Rights;
import sharewalk.mmu.walk.WalkMode;
import sharewalk.mmu.walk.WalkResult;

/// A comparison of what a hart could translate by now with its tables, read afresh.
///
/// What a hart holds of other address spaces is looked at when it enters them: until then it may be stale, as long as
/// somebody still owes the flush. An accessed bit that is clear makes nothing stale: clearing it needs no flush.
public final class TranslationAudit {
    private static final int COMPARED =
            Rights.READ | Rights.WRITE | Rights.EXECUTE | Rights.USER | Rights.GLOBAL | Rights.DIRTY;

    private final Mmu mmu;
    private final FrameTable frames;
    private final WalkResult walk = new WalkResult();
    private final List<StaleTranslation> stale = new ArrayList<>();
    private long compared;

    public TranslationAudit(Mmu mmu, FrameTable frames) {
        this.mmu = mmu;
        this.frames = frames;
    }

    /// Compares everything that the modelled structures hold for the current address space, and returns what is wrong.
    public List<StaleTranslation> run() {
        stale.clear();
        for (TlbName name : TlbName.values()) {
            mmu.forEachEntry(name, (tag, cached) -> compareReachable(name.name(), tag, cached));
        }
        mmu.walkCacheAudit()
                .run(
                        mmu.space(),
                        (level, virtAddr, kept, fresh) -> stale.add(new StaleTranslation(
                                "walk cache (level %d)".formatted(level),
                                virtAddr,
                                tableDefect(kept, fresh),
                                kept,
                                fresh)));
        return List.copyOf(stale);
    }

    /// Returns how many translations have been compared since this was made.
    public long compared() {
        return compared + mmu.walkCacheAudit().compared();
    }

    /// Compares one translation held elsewhere, of `sizeBytes` from `virtAddr`, and returns what is wrong with it, or
    /// null.
    public @Nullable StaleTranslation check(String holder, long virtAddr, long sizeBytes, long cached) {
        stale.clear();
        compare(holder, virtAddr, sizeBytes, cached);
        return stale.isEmpty() ? null : stale.getFirst();
    }

    private void compareReachable(String holder, long tag, long cached) {
        long virtAddr = TlbTag.virtAddr(tag);
        if (TlbTag.isGlobal(tag) || TlbTag.asid(tag) == mmu.space().idOf(virtAddr)) {
            compare(holder, virtAddr, TlbTag.sizeBytes(tag), cached);
        }
    }

    private void compare(String holder, long virtAddr, long sizeBytes, long cached) {
        compared++;
        // A superpage may have become smaller pages: each of them has to agree.
        for (long at = virtAddr; at - virtAddr < sizeBytes; ) {
            long held = cached + (at - virtAddr);
            walk(at, held);
            @Nullable Defect defect = defect(held);
            if (defect != null) {
                stale.add(new StaleTranslation(holder, at, defect, held, fresh()));
                return;
            }
            at = (at | ((1L << walk.pageShift()) - 1)) + 1;
        }
    }

    private static Defect tableDefect(long kept, long fresh) {
        if (fresh == 0) {
            return Defect.NO_TABLE;
        }
        return page(fresh) == page(kept) ? Defect.MORE_RIGHTS : Defect.OTHER_TABLE;
    }

    private void walk(long virtAddr, long held) {
        WalkMode mode = (held & Rights.USER) != 0 ? WalkMode.USER_MODE : WalkMode.SUPERVISOR_MODE;
        mmu.inspect(virtAddr, accessFor(held), mode, walk);
    }

    private static AccessType accessFor(long held) {
        if ((held & Rights.READ) != 0) {
            return AccessType.LOAD;
        }
        return (held & Rights.EXECUTE) != 0 ? AccessType.FETCH : AccessType.STORE;
    }

    private @Nullable Defect defect(long held) {
        if (!walk.isTranslated()) {
            return Defect.ABSENT;
        }
        if (page(walk.physAddr()) != page(held)) {
            return Defect.OTHER_FRAME;
        }
        if (frames.use(page(held) >>> PhysicalMemory.FRAME_SHIFT) == FrameUse.FREE) {
            return Defect.FREE_FRAME;
        }
        long excess = held & ~(long) walk.rights() & COMPARED;
        if (excess == 0) {
            return null;
        }
        return excess == Rights.DIRTY ? Defect.DIRTY_AHEAD : Defect.MORE_RIGHTS;
    }

    private long fresh() {
        return walk.isTranslated() ? page(walk.physAddr()) | walk.rights() : 0;
    }

    private static long page(long translation) {
        return translation & -PhysicalMemory.FRAME_BYTES;
    }
}
