package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.StopReason;
import sharewalk.mmu.paging.AccessType;
import unicorn.UnicornConst;

/// x86 exceptions (Intel SDM volume 3A, table 6-1) as the engine reports them.
final class X86Exceptions implements EngineExceptions {
    private static final int DIVIDE_ERROR = 0;
    private static final int DEBUG = 1;
    private static final int BREAKPOINT = 3;
    private static final int OVERFLOW = 4;
    private static final int BOUND_RANGE = 5;
    private static final int INVALID_OPCODE = 6;
    private static final int ALIGNMENT_CHECK = 17;
    private static final int X87_ERROR = 16;
    private static final int SIMD_ERROR = 19;
    private static final int LAST_EXCEPTION = 31;

    private final RegisterFile registers;

    X86Exceptions(RegisterFile registers) {
        this.registers = registers;
    }

    @Override
    public StopReason interrupt(int number) {
        if (number <= LAST_EXCEPTION) {
            registers.forgetException();
        }
        return switch (number) {
            case DIVIDE_ERROR -> new StopReason.DivideError();
            case DEBUG, BREAKPOINT -> new StopReason.Breakpoint();
            case BOUND_RANGE, OVERFLOW -> new StopReason.GeneralProtection();
            case INVALID_OPCODE -> new StopReason.IllegalInstruction();
            case X87_ERROR, SIMD_ERROR -> new StopReason.FloatingPointError();
            case ALIGNMENT_CHECK -> new StopReason.MisalignedAccess(0, AccessType.LOAD);
            default -> new StopReason.GeneralProtection();
        };
    }

    @Override
    public @Nullable StopReason error(int error) {
        return error == UnicornConst.UC_ERR_INSN_INVALID ? new StopReason.IllegalInstruction() : null;
    }
}
