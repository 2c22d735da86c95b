package sharewalk.cpu.unicorn;

/// Registers far apart: register n holds (n + 1) * 2^28, the FS base 2^40, the GS base 2^41, the pc 2^42.
final class FixedRegisters implements InstructionDecoder.OperandRegisters {
    static final long STEP = 1L << 28;
    static final long FS = 1L << 40;
    static final long GS = 1L << 41;
    static final long PC = 1L << 42;

    static long register(int index) {
        return (index + 1) * STEP;
    }

    @Override
    public long general(int index) {
        return register(index);
    }

    @Override
    public long segmentBase(boolean gs) {
        return gs ? GS : FS;
    }

    @Override
    public long pc() {
        return PC;
    }
}
