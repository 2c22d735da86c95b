package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.StopReason;
import sharewalk.mmu.Translation;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.walk.WalkFault;
import unicorn.Engine;
import unicorn.UnicornConst;

/// Starting the engine again and again until something needs a supervisor.
///
/// All real work is done here, between two runs: callbacks only record, and the one safe way to stop from each of them
/// is used (a refused fill; a stop from the block, interrupt and system-call hooks).
final class RunLoop {
    private static final long PAGE_BYTES = 4096;

    /// No address: a run without an end.
    private static final long NO_END = 0;

    private final HartParts parts;
    private final Engine engine;
    private final RegisterFile registers;
    private final SoftTlb softTlb;
    private final BlockCounter blocks;
    private final EngineEvents events;

    RunLoop(HartParts parts) {
        this.parts = parts;
        this.engine = parts.engine();
        this.registers = parts.registers();
        this.softTlb = parts.softTlb();
        this.blocks = parts.blocks();
        this.events = parts.events();
    }

    StopReason run(long budget) {
        long total = blocks.total();
        blocks.setLimit(budget > Long.MAX_VALUE - total ? Long.MAX_VALUE : total + budget);
        parts.contexts().dropReservation();
        try {
            StopReason reason = null;
            while (reason == null) {
                reason = step(NO_END);
            }
            return reason;
        } finally {
            blocks.settle();
        }
    }

    /// Runs the engine once, at most up to the instruction at `end`; returns null where it is to go on.
    private @Nullable StopReason step(long end) {
        events.clear();
        softTlb.clearFault();
        blocks.clearStop();
        int error = engine.emuStart(registers.pc(), end, 0, 0);
        parts.translations().catchUp(parts.mmu());
        if (events.systemCall()) {
            registers.enterSystemCall();
            return new StopReason.SystemCall();
        }
        if (softTlb.faulted()) {
            return refusedAccess();
        }
        if (events.interrupt() != EngineEvents.NONE) {
            StopReason reason = parts.exceptions().interrupt(events.interrupt());
            blocks.retireUpTo(registers.pc());
            return reason;
        }
        if (blocks.fetchFault() < 0) {
            return new StopReason.PageFault(registers.pc(), AccessType.FETCH, Translation.fault(blocks.fetchFault()));
        }
        if (blocks.hostDependentAt() != BlockCounter.NOWHERE) {
            return emulate(blocks.hostDependentAt());
        }
        if (error != UnicornConst.UC_ERR_OK) {
            return failed(error);
        }
        return endOfRun(end);
    }

    private @Nullable StopReason endOfRun(long end) {
        if (end != NO_END && registers.pc() == end) {
            return null;
        }
        if (blocks.limitReached()) {
            return new StopReason.Limit();
        }
        return new StopReason.EngineFailure("the engine stopped at pc %#x for no reason".formatted(registers.pc()));
    }

    private @Nullable StopReason refusedAccess() {
        WalkFault cause = Translation.fault(softTlb.faultTranslation());
        AccessType access = softTlb.faultAccess();
        if (access == AccessType.FETCH) {
            return refusedFetch(softTlb.faultPage(), cause);
        }
        blocks.retireUpTo(registers.pc());
        return pageFault(engine.faultAddress(), access, cause);
    }

    // A block's second page is asked for when the block is translated or entered; the instructions before the one that
    // crosses still have to run.
    private @Nullable StopReason refusedFetch(long page, WalkFault cause) {
        blocks.finishBlock();
        long pc = registers.pc();
        if ((pc & -PAGE_BYTES) == page) {
            return pageFault(pc, AccessType.FETCH, cause);
        }
        // An illegal compressed instruction makes a block without bytes, and the engine asks for the page of its last.
        if (page == pc - PAGE_BYTES) {
            return new StopReason.IllegalInstruction();
        }
        long crossing = firstCrossing(pc, page);
        if (crossing != pc) {
            StopReason early = runUpTo(crossing);
            if (early != null || registers.pc() != crossing) {
                return early;
            }
        }
        return pageFault(page, AccessType.FETCH, cause);
    }

    private long firstCrossing(long pc, long boundary) {
        int end = parts.code().read(pc, (int) (boundary - pc));
        int offset = 0;
        int length = parts.decoder().length(parts.code().bytes(), offset, end);
        while (length != 0) {
            offset += length;
            length = parts.decoder().length(parts.code().bytes(), offset, end);
        }
        return pc + offset;
    }

    private static StopReason pageFault(long virtAddr, AccessType access, WalkFault cause) {
        return cause == WalkFault.BAD_PHYSICAL
                ? new StopReason.BusError(virtAddr)
                : new StopReason.PageFault(virtAddr, access, cause);
    }

    // Blocks translated earlier run past any end, so those are dropped first.
    private @Nullable StopReason runUpTo(long end) {
        int ignored = engine.removeCache(registers.pc(), end);
        return step(end);
    }

    private @Nullable StopReason emulate(long virtAddr) {
        if (registers.pc() != virtAddr) {
            StopReason early = runUpTo(virtAddr);
            if (early != null || registers.pc() != virtAddr) {
                return early;
            }
            if (blocks.limitReached()) {
                return new StopReason.Limit();
            }
        }
        byte[] code = parts.code().bytes();
        int end = parts.code().read(virtAddr, parts.decoder().longestBytes());
        int length = parts.decoder().length(code, 0, end);
        @Nullable StopReason refused = parts.hostDependent().execute(code, 0, end, blocks.total());
        if (refused != null) {
            return refused;
        }
        registers.setPc(virtAddr + length);
        blocks.countEmulated(virtAddr);
        return null;
    }

    private StopReason failed(int error) {
        StopReason reason = parts.exceptions().error(error);
        blocks.retireUpTo(registers.pc());
        if (reason != null) {
            return reason;
        }
        return new StopReason.EngineFailure("%s at pc %#x".formatted(Engine.errorText(error), registers.pc()));
    }
}
