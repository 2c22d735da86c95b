package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.CodeImage;
import sharewalk.cpu.Cpu;
import sharewalk.cpu.CpuContext;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.StopReason;
import sharewalk.mmu.Mmu;
import sharewalk.mmu.count.CounterMap;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.InvalidationScope;
import sharewalk.mmu.walk.WalkObserver;

/// A hart on an engine of its own, every address of which goes through an [Mmu].
public final class UnicornCpu implements Cpu {
    private final HartParts parts;
    private final RunLoop loop;
    private @Nullable CodeImage code;

    /// The address space entered last, with all its domains, of which the MMU may know none.
    private @Nullable AddressSpaceRegister entered;

    UnicornCpu(HartParts parts) {
        this.parts = parts;
        this.loop = new RunLoop(parts);
    }

    /// Returns the hart's MMU, for observers and reports.
    public Mmu mmu() {
        return parts.mmu();
    }

    /// Has what the engine is given recorded from now on, so that it can be shown.
    public void recordRights() {
        GrantedPages pages = new GrantedPages();
        parts.softTlb().record(pages);
        parts.translations().record(pages);
    }

    /// Shows every right that the engine may have in its own translation cache.
    ///
    /// Preconditions: [#recordRights].
    public void forEachRight(GrantedPages.Visitor visitor) {
        parts.translations().forEachRight(visitor);
    }

    /// Returns whether data rights are dropped in the engine's own tables, not by its functions.
    public boolean dropsInPlace() {
        return parts.direct().dropsInPlace();
    }

    /// Returns whether machine code touches resident pages and asks for the others before the engine does.
    public boolean touchesInPlace() {
        return parts.direct().touchesInPlace();
    }

    /// Shows an observer every counted walk, with the registers of this hart up to date.
    public void observeWalks(WalkObserver observer) {
        parts.softTlb().wantPc();
        parts.mmu().observe(observer);
    }

    /// Returns the instructions retired when the instruction now being executed, or about to be, retires.
    ///
    /// May be asked from inside an observer of the MMU.
    public long instructionsBefore(long pc) {
        return parts.blocks().retiredBefore(pc);
    }

    /// Shows an observer everything the model is told from now on.
    ///
    /// @throws IllegalStateException if the model is told only what can change it
    public void observeAccesses(AccessObserver observer) {
        if (!parts.everyAccessSeen()) {
            throw new IllegalStateException("only exhaustive mode sees every access");
        }
        parts.model().observe(observer);
    }

    @Override
    public int hart() {
        return parts.mmu().hart();
    }

    @Override
    public GuestIsa isa() {
        return parts.isa();
    }

    @Override
    public long pc() {
        return parts.registers().pc();
    }

    @Override
    public void setPc(long virtAddr) {
        parts.blocks().endRepetition();
        parts.registers().setPc(virtAddr);
    }

    @Override
    public long general(int index) {
        return parts.registers().general(index);
    }

    @Override
    public void setGeneral(int index, long value) {
        parts.registers().setGeneral(index, value);
    }

    @Override
    public long threadPointer() {
        return parts.registers().threadPointer();
    }

    @Override
    public void setThreadPointer(long value) {
        parts.registers().setThreadPointer(value);
    }

    @Override
    public long flags() {
        return parts.registers().flags();
    }

    @Override
    public void setFlags(long value) {
        parts.registers().setFlags(value);
    }

    @Override
    public byte[] floatState() {
        return parts.registers().floatState();
    }

    @Override
    public void setFloatState(byte[] state) {
        parts.registers().setFloatState(state);
    }

    @Override
    public void resetRegisters() {
        parts.registers().reset();
        parts.blocks().endRepetition();
    }

    @Override
    public CpuContext newContext() {
        return parts.contexts().create();
    }

    @Override
    public void save(CpuContext into) {
        parts.contexts().save((SavedState) into);
    }

    @Override
    public void restore(CpuContext from) {
        parts.contexts().restore((SavedState) from);
    }

    @Override
    public void copy(CpuContext from, CpuContext to) {
        ((SavedState) to).copyFrom((SavedState) from);
    }

    @Override
    public void enter(AddressSpaceRegister space, CodeImage image, CounterMap counters) {
        Mmu mmu = parts.mmu();
        parts.blocks().settle();
        if (!space.equals(entered) || !image.equals(code)) {
            entered = space;
            code = image;
            parts.blocks().switchTo(parts.tables().of(image));
            mmu.setSpace(space);
            parts.translations().switchTo(mmu.space());
        }
        chargeTo(counters);
    }

    @Override
    public void chargeTo(CounterMap counters) {
        parts.blocks().chargeTo(counters);
        parts.mmu().chargeTo(counters);
    }

    @Override
    public void useCode(CodeImage image) {
        if (!image.equals(code)) {
            code = image;
            parts.blocks().switchTo(parts.tables().of(image));
        }
    }

    @Override
    public StopReason run(long budget) {
        return loop.run(budget);
    }

    @Override
    public long instructions() {
        return parts.blocks().total();
    }

    @Override
    public void invalidate(InvalidationScope scope, FlushCause cause) {
        parts.mmu().invalidate(scope, cause);
        AccessObserver observer = parts.model().observer();
        if (observer != null) {
            observer.invalidated(scope);
        }
        switch (scope) {
            case InvalidationScope.Page page -> parts.translations().forgetTranslation(page.asid(), page.virtAddr());
            case InvalidationScope.Range _, InvalidationScope.Asid _, InvalidationScope.All _ ->
                parts.translations().forgetAll();
        }
    }

    @Override
    public void dropAfterFault(long virtAddr) {
        if (isa() instanceof RiscV64) {
            return;
        }
        int id = parts.mmu().space().idOf(virtAddr);
        parts.mmu().dropAfterFault(virtAddr);
        AccessObserver observer = parts.model().observer();
        if (observer != null) {
            observer.droppedAfterFault(id, virtAddr);
        }
        parts.translations().forgetTranslation(id, virtAddr);
    }

    @Override
    public void close() {
        parts.close();
    }
}
