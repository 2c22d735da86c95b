package sharewalk.cpu.unicorn;

import org.jspecify.annotations.Nullable;
import sharewalk.cpu.StopReason;

/// `rdcycle`, `rdtime`, `rdinstret` and the reads of other user counters (RISC-V Unprivileged, Zicntr and Zihpm).
final class RiscvCounterReads implements HostDependentInstructions {
    private static final int CYCLE = 0xc00;
    private static final int TIME = 0xc01;
    private static final int INSTRET = 0xc02;
    private static final int CSRRS = 2;

    private final RegisterFile registers;

    RiscvCounterReads(RegisterFile registers) {
        this.registers = registers;
    }

    /// One instruction is one cycle and one tick; the other counters read zero. They are read-only, so anything but a
    /// read of them is illegal.
    @Override
    public @Nullable StopReason execute(byte[] code, int offset, int end, long instructions) {
        int instruction = RiscvDecoder.word(code, offset);
        int function = instruction >>> 12 & 7;
        boolean readsOnly = (function & 3) >= CSRRS && (instruction >>> 15 & 31) == 0;
        if (!readsOnly) {
            return new StopReason.IllegalInstruction();
        }
        long value = switch (instruction >>> 20) {
            case CYCLE, TIME, INSTRET -> instructions;
            default -> 0;
        };
        registers.setGeneral(instruction >>> 7 & 31, value);
        return null;
    }
}
