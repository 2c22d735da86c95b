package sharewalk.cpu.unicorn;

/// RV64GC machine code as far as the adapter needs it (RISC-V Unprivileged ISA: chapters on RV64I, A, F, D, C and
/// Zicsr).
final class RiscvDecoder implements InstructionDecoder {
    private static final int LOAD = 0x03;
    private static final int LOAD_FP = 0x07;
    private static final int STORE = 0x23;
    private static final int STORE_FP = 0x27;
    private static final int AMO = 0x2f;
    private static final int SYSTEM = 0x73;
    private static final int LR = 0x02;
    private static final int STACK_POINTER = 2;
    private static final long LONGEST_OPERAND = 8;

    @Override
    public int longestBytes() {
        return 4;
    }

    @Override
    public int length(byte[] code, int offset, int end) {
        if (offset + 2 > end) {
            return 0;
        }
        int length = (code[offset] & 3) == 3 ? 4 : 2;
        return offset + length <= end ? length : 0;
    }

    /// The counters cycle, time and instret and their like: CSR numbers 0xC00 to 0xC1F (Zicntr, Zihpm).
    @Override
    public boolean isHostDependent(byte[] code, int offset, int end) {
        if (length(code, offset, end) != 4) {
            return false;
        }
        int instruction = word(code, offset);
        boolean csrAccess = (instruction & 0x7f) == SYSTEM && (instruction >>> 12 & 3) != 0;
        return csrAccess && (instruction >>> 20 & 0xfe0) == 0xc00;
    }

    @Override
    public boolean isRepeated(byte[] code, int offset, int end) {
        return false;
    }

    /// Every AMO but LR; a store-conditional reads nothing.
    @Override
    public boolean isReadModifyWrite(byte[] code, int offset, int end) {
        if (length(code, offset, end) != 4) {
            return false;
        }
        int instruction = word(code, offset);
        return (instruction & 0x7f) == AMO && instruction >>> 27 != LR;
    }

    @Override
    public boolean mayStraddle(byte[] code, int offset, int end, long boundary, OperandRegisters registers) {
        int length = length(code, offset, end);
        if (length == 0) {
            return false;
        }
        int instruction = length == 4 ? word(code, offset) : halfword(code, offset);
        long virtAddr = length == 4 ? operand(instruction, registers) : compressedOperand(instruction, registers);
        return Long.compareUnsigned(virtAddr, boundary - LONGEST_OPERAND) > 0
                && Long.compareUnsigned(virtAddr, boundary) < 0;
    }

    // Returns 0 for an instruction without a memory operand that may be misaligned: no page boundary is near 0.
    private static long operand(int instruction, OperandRegisters registers) {
        long base = registers.general(instruction >>> 15 & 31);
        return switch (instruction & 0x7f) {
            case LOAD, LOAD_FP -> base + (instruction >> 20);
            case STORE, STORE_FP -> base + (instruction >> 25 << 5 | (instruction >>> 7 & 31));
            default -> 0;
        };
    }

    private static long compressedOperand(int instruction, OperandRegisters registers) {
        int quadrant = instruction & 3;
        int function = instruction >>> 13;
        if (quadrant == 0) {
            return compressedRegisterOperand(instruction, function, registers);
        }
        return quadrant == 2 ? compressedStackOperand(instruction, function, registers) : 0;
    }

    private static long compressedRegisterOperand(int instruction, int function, OperandRegisters registers) {
        long base = registers.general(8 + (instruction >>> 7 & 7));
        int high = (instruction >>> 10 & 7) << 3;
        return switch (function) {
            case 1, 3, 5, 7 -> base + (high | (instruction >>> 5 & 3) << 6);
            case 2, 6 -> base + (high | (instruction >>> 6 & 1) << 2 | (instruction >>> 5 & 1) << 6);
            default -> 0;
        };
    }

    private static long compressedStackOperand(int instruction, int function, OperandRegisters registers) {
        long stack = registers.general(STACK_POINTER);
        return switch (function) {
            case 1, 3 ->
                stack + ((instruction >>> 12 & 1) << 5 | (instruction >>> 5 & 3) << 3 | (instruction >>> 2 & 7) << 6);
            case 2 ->
                stack + ((instruction >>> 12 & 1) << 5 | (instruction >>> 4 & 7) << 2 | (instruction >>> 2 & 3) << 6);
            case 5, 7 -> stack + ((instruction >>> 10 & 7) << 3 | (instruction >>> 7 & 7) << 6);
            case 6 -> stack + ((instruction >>> 9 & 15) << 2 | (instruction >>> 7 & 3) << 6);
            default -> 0;
        };
    }

    static int word(byte[] code, int offset) {
        return halfword(code, offset) | halfword(code, offset + 2) << 16;
    }

    private static int halfword(byte[] code, int offset) {
        return (code[offset] & 0xff) | (code[offset + 1] & 0xff) << 8;
    }
}
