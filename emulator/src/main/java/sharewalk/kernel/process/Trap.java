package sharewalk.kernel.process;

import sharewalk.cpu.StopReason;
import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.walk.WalkFault;

/// What the last trap of a task left for the signal frame of x86-64: vector, error code, CR2 (Intel SDM 3A 6.15).
public record Trap(int number, long errorCode, long virtAddr) {
    /// No trap yet.
    public static final Trap NONE = new Trap(0, 0, 0);

    private static final int DIVIDE = 0;
    private static final int BREAKPOINT = 3;
    private static final int INVALID_OPCODE = 6;
    private static final int GENERAL_PROTECTION = 13;
    private static final int PAGE_FAULT = 14;
    private static final int ALIGNMENT = 17;
    private static final int SIMD = 19;
    private static final int PRESENT = 1;
    private static final int WRITE = 2;
    private static final int USER = 4;
    private static final int FETCH = 16;

    /// Returns what a stop leaves behind; `before` where it is no trap.
    public static Trap of(StopReason stop, Trap before) {
        return switch (stop) {
            case StopReason.PageFault(long virtAddr, AccessType access, WalkFault cause) ->
                ofPageFault(virtAddr, access, cause);
            case StopReason.DivideError() -> new Trap(DIVIDE, 0, before.virtAddr());
            case StopReason.Breakpoint() -> new Trap(BREAKPOINT, 0, before.virtAddr());
            case StopReason.IllegalInstruction() -> new Trap(INVALID_OPCODE, 0, before.virtAddr());
            case StopReason.GeneralProtection() -> new Trap(GENERAL_PROTECTION, 0, before.virtAddr());
            case StopReason.FloatingPointError() -> new Trap(SIMD, 0, before.virtAddr());
            case StopReason.MisalignedAccess access -> new Trap(ALIGNMENT, 0, access.virtAddr());
            case StopReason.BusError(long virtAddr) -> new Trap(PAGE_FAULT, USER | PRESENT, virtAddr);
            case StopReason.Limit() -> before;
            case StopReason.SystemCall() -> before;
            case StopReason.EngineFailure _ -> before;
        };
    }

    private static Trap ofPageFault(long virtAddr, AccessType access, WalkFault cause) {
        if (cause == WalkFault.NON_CANONICAL) {
            return new Trap(GENERAL_PROTECTION, 0, 0);
        }
        int code = USER | (cause == WalkFault.PROTECTION ? PRESENT : 0);
        code |= switch (access) {
            case LOAD -> 0;
            case STORE -> WRITE;
            case FETCH -> FETCH;
        };
        return new Trap(PAGE_FAULT, code, virtAddr);
    }
}
