package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.StopReason;
import sharewalk.mmu.paging.AccessType;
import unicorn.UnicornConst;

/// RISC-V exceptions (Privileged, table of mcause values) as the engine reports them.
final class RiscvExceptions implements EngineExceptions {
    private static final int ILLEGAL = 2;
    private static final int BREAKPOINT = 3;
    private static final int LOAD_MISALIGNED = 4;
    private static final int STORE_MISALIGNED = 6;
    private static final int USER_CALL = 8;
    private static final int EBREAK = 0x0010_0073;
    private static final int COMPRESSED_EBREAK = 0x9002;

    /// The engine reports the address after a four-byte instruction, whatever the instruction's length.
    private static final int REPORTED_AFTER = 4;

    private final RegisterFile registers;
    private final GuestCode code;

    RiscvExceptions(RegisterFile registers, GuestCode code) {
        this.registers = registers;
        this.code = code;
    }

    @Override
    public StopReason interrupt(int number) {
        if (number == USER_CALL) {
            return new StopReason.SystemCall();
        }
        registers.setPc(registers.pc() - REPORTED_AFTER);
        return switch (number) {
            case ILLEGAL -> new StopReason.IllegalInstruction();
            case BREAKPOINT -> new StopReason.Breakpoint();
            // The engine takes the wrong number for atomics, which all store.
            case LOAD_MISALIGNED, STORE_MISALIGNED ->
                new StopReason.MisalignedAccess(misalignedOperand(), AccessType.STORE);
            default -> new StopReason.EngineFailure("unexpected exception " + number);
        };
    }

    private long misalignedOperand() {
        int end = code.read(registers.pc(), REPORTED_AFTER);
        return end < REPORTED_AFTER ? 0 : registers.general(RiscvDecoder.word(code.bytes(), 0) >>> 15 & 31);
    }

    @Override
    public @Nullable StopReason error(int error) {
        if (error != UnicornConst.UC_ERR_INSN_INVALID && error != UnicornConst.UC_ERR_EXCEPTION) {
            return null;
        }
        int end = code.read(registers.pc(), REPORTED_AFTER);
        if (end >= Short.BYTES) {
            int first = (code.bytes()[0] & 0xff) | (code.bytes()[1] & 0xff) << 8;
            boolean isBreak = first == COMPRESSED_EBREAK
                    || (end == REPORTED_AFTER && RiscvDecoder.word(code.bytes(), 0) == EBREAK);
            if (isBreak) {
                return new StopReason.Breakpoint();
            }
        }
        return new StopReason.IllegalInstruction();
    }
}
