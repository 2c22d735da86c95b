package sharewalk.cpu.unicorn;

/// The instruction a hart is executing, seen from inside a callback of the engine.
final class CurrentInstruction {
    private final RegisterFile registers;
    private final GuestCode code;
    private final InstructionDecoder decoder;

    CurrentInstruction(RegisterFile registers, GuestCode code, InstructionDecoder decoder) {
        this.registers = registers;
        this.code = code;
        this.decoder = decoder;
    }

    /// Returns whether it writes the memory operand it reads.
    boolean isReadModifyWrite() {
        int end = code.read(registers.pc(), decoder.longestBytes());
        return decoder.isReadModifyWrite(code.bytes(), 0, end);
    }

    /// Returns whether an operand of it may begin in the page before `boundary` and reach beyond.
    boolean mayStraddle(long boundary) {
        int end = code.read(registers.pc(), decoder.longestBytes());
        return decoder.mayStraddle(code.bytes(), 0, end, boundary, registers);
    }
}
