package sharewalk.cpu.unicorn;

/// x86-64 machine code in 64-bit mode as far as the adapter needs it (Intel SDM volume 2, chapter 2 and appendix A).
///
/// EVEX and XOP are not known: the engine has neither.
final class X86Decoder implements InstructionDecoder {
    private static final int LONGEST_OPERAND = 64;
    private static final int LONGEST_X87_STATE = 108;
    private static final int LONGEST_STATE = 4096;
    private static final int MASKED_MOVE = 0xf7;
    private static final int LEAVE = 0xc9;
    private static final int ENTER = 0xc8;
    private static final int STACK_POINTER = 4;
    private static final int FRAME_POINTER = 5;
    private static final int SOURCE_INDEX = 6;
    private static final int DESTINATION_INDEX = 7;
    private static final int PUSHED_BYTES = 8;
    private static final int BREAKPOINT = 3;
    private static final int OVERFLOW = 4;
    private static final int LEGACY_CALL = 0x80;

    private final X86Instruction decoded = new X86Instruction();

    @Override
    public int longestBytes() {
        return X86Instruction.LONGEST_BYTES;
    }

    @Override
    public int length(byte[] code, int offset, int end) {
        return decoded.decode(code, offset, end) ? decoded.length() : 0;
    }

    /// RDTSC, RDTSCP, RDRAND, RDSEED and RDPID; and input, output and software interrupts, which need a privilege.
    @Override
    public boolean isHostDependent(byte[] code, int offset, int end) {
        if (!decoded.decode(code, offset, end)) {
            return false;
        }
        if (decoded.map() != 1) {
            return decoded.map() == 0 && isRefused(decoded.opcode(), code[offset + decoded.length() - 1] & 0xff);
        }
        return switch (decoded.opcode()) {
            case 0x31 -> true;
            case 0x01 -> decoded.modRm() == 0xf9;
            case 0xc7 -> decoded.registerOperand() && decoded.extension() >= 6;
            default -> false;
        };
    }

    // IN, OUT, INS, OUTS, and INT with a vector that user mode has no gate for.
    private static boolean isRefused(int opcode, int immediate) {
        return switch (opcode) {
            case 0x6c, 0x6d, 0x6e, 0x6f, 0xe4, 0xe5, 0xe6, 0xe7, 0xec, 0xed, 0xee, 0xef -> true;
            case 0xcd -> immediate != BREAKPOINT && immediate != OVERFLOW && immediate != LEGACY_CALL;
            default -> false;
        };
    }

    @Override
    public boolean isRepeated(byte[] code, int offset, int end) {
        return decoded.decode(code, offset, end) && decoded.repeatPrefix() && decoded.isString();
    }

    @Override
    public boolean isReadModifyWrite(byte[] code, int offset, int end) {
        if (!decoded.decode(code, offset, end) || !decoded.hasModRm() || decoded.registerOperand()) {
            return false;
        }
        return decoded.map() == 0
                ? oneByteWritesBack(decoded.opcode(), decoded.extension())
                : decoded.map() == 1 && twoByteWritesBack(decoded.opcode(), decoded.extension());
    }

    private static boolean oneByteWritesBack(int opcode, int extension) {
        if (opcode < 0x38) {
            return (opcode & 7) < 2;
        }
        return switch (opcode) {
            case 0x80, 0x81, 0x83 -> extension != 7;
            case 0x86, 0x87, 0xc0, 0xc1, 0xd0, 0xd1, 0xd2, 0xd3 -> true;
            case 0xf6, 0xf7 -> extension == 2 || extension == 3;
            case 0xfe, 0xff -> extension < 2;
            default -> false;
        };
    }

    private static boolean twoByteWritesBack(int opcode, int extension) {
        return switch (opcode) {
            case 0xa4, 0xa5, 0xab, 0xac, 0xad, 0xb0, 0xb1, 0xb3, 0xbb, 0xc0, 0xc1 -> true;
            case 0xba -> extension > 4;
            case 0xc7 -> extension == 1;
            default -> false;
        };
    }

    @Override
    public boolean mayStraddle(byte[] code, int offset, int end, long boundary, OperandRegisters registers) {
        if (!decoded.decode(code, offset, end)) {
            return false;
        }
        boolean explicit = decoded.hasModRm()
                && !decoded.registerOperand()
                && before(boundary, operandAddress(code, registers), longestOperand());
        long stack = registers.general(STACK_POINTER);
        return explicit
                || before(boundary, stack)
                || before(boundary, stack - PUSHED_BYTES)
                || implicitStraddles(code, boundary, registers);
    }

    // A bit string begins at its operand and reaches either way; POP computes its operand's address last.
    private long operandAddress(byte[] code, OperandRegisters registers) {
        long virtAddr = decoded.effectiveAddress(code, registers);
        if (decoded.map() == 1 && isBitString(decoded.opcode())) {
            return virtAddr + bitStringBytes(registers.general(decoded.register()));
        }
        boolean pop = decoded.map() == 0 && decoded.opcode() == 0x8f;
        return pop && decoded.basedOn(code, STACK_POINTER) ? virtAddr + PUSHED_BYTES : virtAddr;
    }

    private static boolean isBitString(int opcode) {
        return opcode == 0xa3 || opcode == 0xab || opcode == 0xb3 || opcode == 0xbb;
    }

    private long bitStringBytes(long bit) {
        if (decoded.wide()) {
            return bit >> 6 << 3;
        }
        return decoded.operandPrefix() ? (short) bit >> 4 << 1 : (int) bit >> 5 << 2;
    }

    // XSAVE's area has no fixed size; FXSAVE's has 512 bytes, FNSAVE's 108.
    private int longestOperand() {
        int extension = decoded.extension();
        return switch (decoded.map() << 8 | decoded.opcode()) {
            case 0x1ae -> extension == 2 || extension == 3 || extension == 7 ? LONGEST_OPERAND : LONGEST_STATE;
            case 0x1c7 -> extension == 1 ? LONGEST_OPERAND : LONGEST_STATE;
            case 0xdd -> LONGEST_X87_STATE;
            default -> LONGEST_OPERAND;
        };
    }

    private boolean implicitStraddles(byte[] code, long boundary, OperandRegisters registers) {
        int opcode = decoded.opcode();
        if (decoded.map() == 1) {
            return opcode == MASKED_MOVE && before(boundary, pointer(DESTINATION_INDEX, registers));
        }
        if (decoded.map() != 0) {
            return false;
        }
        return switch (opcode) {
            case 0xa0, 0xa1, 0xa2, 0xa3 -> before(boundary, decoded.absoluteAddress(code, registers));
            case LEAVE -> before(boundary, registers.general(FRAME_POINTER));
            case ENTER -> true;
            default ->
                decoded.isString()
                        && (before(boundary, pointer(SOURCE_INDEX, registers))
                                || before(boundary, registers.general(DESTINATION_INDEX)));
        };
    }

    private long pointer(int register, OperandRegisters registers) {
        return decoded.linear(registers.general(register), registers);
    }

    private static boolean before(long boundary, long virtAddr) {
        return before(boundary, virtAddr, LONGEST_OPERAND);
    }

    private static boolean before(long boundary, long virtAddr, int longestBytes) {
        return Long.compareUnsigned(virtAddr, boundary - longestBytes) > 0
                && Long.compareUnsigned(virtAddr, boundary) < 0;
    }
}
