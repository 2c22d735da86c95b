package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.paging.AccessType;

/// The one door through which accesses reach a hart's model.
final class ModelledAccesses {
    private final Mmu mmu;
    private @Nullable AccessObserver observer;

    ModelledAccesses(Mmu mmu) {
        this.mmu = mmu;
    }

    Mmu mmu() {
        return mmu;
    }

    void observe(AccessObserver newObserver) {
        observer = newObserver;
    }

    @Nullable
    AccessObserver observer() {
        return observer;
    }

    /// Makes one access; returns the answer of [Mmu#translate].
    long make(long virtAddr, AccessType access) {
        long translation = mmu.translate(virtAddr, access);
        if (observer != null) {
            show(observer, virtAddr, access, AccessObserver.NO_PAGE, translation);
        }
        return translation;
    }

    /// Makes one access that must not drop the entry of `keptPage`.
    long makeKeeping(long virtAddr, AccessType access, long keptPage) {
        long translation = mmu.translatePinned(virtAddr, access, keptPage);
        if (observer != null) {
            show(observer, virtAddr, access, keptPage, translation);
        }
        return translation;
    }

    private void show(AccessObserver to, long virtAddr, AccessType access, long keptPage, long translation) {
        int pageShift = translation < 0 ? 0 : mmu.leafShift(virtAddr, access);
        to.accessed(mmu.space().idOf(virtAddr), virtAddr, access, keptPage, translation, pageShift);
    }
}
