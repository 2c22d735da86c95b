package sharewalk.mmu;

import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.tlb.Tlb;
import sharewalk.mmu.tlb.TlbHierarchy;
import sharewalk.mmu.tlb.TlbTag;
import sharewalk.mmu.walk.PageWalker;
import sharewalk.mmu.walk.Rights;
import sharewalk.mmu.walk.WalkFault;
import sharewalk.mmu.walk.WalkResult;

/// What a hart's next access would do. Asking changes nothing and counts nothing.
final class Forecast {
    private final HartRegisters registers;
    private final TlbHierarchy tlbs;
    private final PageWalker walker;
    private final WalkResult walk = new WalkResult();
    private int leafShift;

    Forecast(HartRegisters registers, TlbHierarchy tlbs, PageWalker walker) {
        this.registers = registers;
        this.tlbs = tlbs;
        this.walker = walker;
    }

    /// Returns the size of the page that [#translation] found last.
    int leafShift() {
        return leafShift;
    }

    /// Returns the answer of [Mmu#translate].
    long translation(long virtAddr, AccessType access) {
        if (!registers.isCanonical(virtAddr)) {
            return Translation.ofFault(WalkFault.NON_CANONICAL);
        }
        int id = registers.idOf(virtAddr);
        Tlb holder = tlbs.first(access);
        int slot = holder.find(id, virtAddr);
        if (slot == Tlb.NO_SLOT) {
            holder = tlbs.second(access);
            slot = holder.find(id, virtAddr);
        }
        if (slot != Tlb.NO_SLOT) {
            long translation = holder.translation(slot);
            if (!registers.permits(translation, access)) {
                return Translation.ofFault(WalkFault.PROTECTION);
            }
            if (!HartRegisters.isClean(translation, access)) {
                leafShift = holder.leafShift(slot);
                return Translation.of(translation, TlbTag.pageShift(holder.tag(slot)), virtAddr, access, registers);
            }
            walker.walk(registers.rootPfn(), virtAddr, access, registers.pureMode(), walk);
            if (!walk.isTranslated()) {
                return Translation.ofFault(walk.fault());
            }
            if (!isStale(walk, holder.tag(slot), translation)) {
                leafShift = walk.pageShift();
                return Translation.of(walk.translation(), leafShift, virtAddr, access, registers);
            }
        }
        walker.walkCached(registers.rootPfn(), registers.asid(), virtAddr, access, registers.pureMode(), walk);
        if (!walk.isTranslated()) {
            return Translation.ofFault(walk.fault());
        }
        leafShift = walk.pageShift();
        return Translation.of(walk.translation(), leafShift, virtAddr, access, registers);
    }

    /// Returns the slot of the L1D whose entry a load of `virtAddr` would evict, or [Tlb#NO_SLOT] if it would evict
    /// none: it hits, faults or finds room.
    private int victim(long virtAddr) {
        Tlb data = tlbs.first(AccessType.LOAD);
        int id = registers.idOf(virtAddr);
        if (!registers.isCanonical(virtAddr) || data.find(id, virtAddr) != Tlb.NO_SLOT) {
            return Tlb.NO_SLOT;
        }
        Tlb second = tlbs.second(AccessType.LOAD);
        int slot = second.find(id, virtAddr);
        if (slot != Tlb.NO_SLOT) {
            return data.victim(virtAddr, TlbTag.pageShift(second.tag(slot)));
        }
        walker.walkCached(registers.rootPfn(), registers.asid(), virtAddr, AccessType.LOAD, registers.pureMode(), walk);
        return walk.isTranslated() ? data.victim(virtAddr, walk.pageShift()) : Tlb.NO_SLOT;
    }

    /// Returns whether a load of `virtAddr` would evict from the L1D what translates `virtPage`.
    boolean isVictim(long virtAddr, long virtPage) {
        Tlb data = tlbs.first(AccessType.LOAD);
        int slot = data.find(registers.idOf(virtPage), virtPage);
        return slot != Tlb.NO_SLOT && data.isNextVictim(slot) && victim(virtAddr) == slot;
    }

    /// Returns whether the tables, just walked, disagree with a TLB entry: have another frame, or a page smaller than
    /// the entry's.
    static boolean isStale(WalkResult walk, long tag, long translation) {
        long inPage = TlbTag.virtAddr(tag) & ((1L << walk.pageShift()) - 1);
        return walk.pageShift() < TlbTag.pageShift(tag)
                || walk.leafAddress() + inPage != (translation & ~(long) Rights.MASK);
    }
}
