package sharewalk.cpu.unicorn;

/// The instruction a hart is executing, seen from inside a callback of the engine.
final class CurrentInstruction {
    private final BlockState blocks;
    private final RegisterFile registers;
    private final GuestCode code;
    private final InstructionDecoder decoder;

    CurrentInstruction(BlockState blocks, RegisterFile registers, GuestCode code, InstructionDecoder decoder) {
        this.blocks = blocks;
        this.registers = registers;
        this.code = code;
        this.decoder = decoder;
    }

    /// Returns whether it writes the memory operand it reads. Most blocks have no such instruction, and finding the one
    /// being executed takes a while.
    boolean isReadModifyWrite() {
        if (!blocks.mayWriteBack()) {
            return false;
        }
        int end = code.read(registers.pc(), decoder.longestBytes());
        return decoder.isReadModifyWrite(code.bytes(), 0, end);
    }

    /// Returns whether an operand of it may begin in the page before `boundary` and reach beyond.
    boolean mayStraddle(long boundary) {
        int end = code.read(registers.pc(), decoder.longestBytes());
        return decoder.mayStraddle(code.bytes(), 0, end, boundary, registers);
    }
}
