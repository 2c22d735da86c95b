package sharewalk.cpu.unicorn;

/// One decoded x86-64 instruction: its length, opcode and memory operand; reusable.
final class X86Instruction {
    static final int LONGEST_BYTES = 15;

    private static final int NO_MODRM = -1;
    private static final int OPERAND_SIZE_PREFIX = 0x66;
    private static final int ADDRESS_SIZE_PREFIX = 0x67;

    private int start;
    private int position;
    private int end;
    private int rex;
    private int segmentPrefix;
    private boolean operandPrefix;
    private boolean addressPrefix;
    private boolean repeat;
    private int map;
    private int opcode;
    private int modRm;
    private int modRmAt;
    private boolean truncated;

    /// Decodes the instruction at `offset`; returns false where it is unknown, too long or cut off by `limit`.
    boolean decode(byte[] code, int offset, int limit) {
        start = offset;
        position = offset;
        end = Math.min(limit, offset + LONGEST_BYTES);
        rex = 0;
        segmentPrefix = 0;
        operandPrefix = false;
        addressPrefix = false;
        repeat = false;
        modRm = NO_MODRM;
        truncated = false;
        prefixes(code);
        opcodeBytes(code);
        int shape = X86OpcodeShapes.of(map, opcode);
        if (truncated || shape == X86OpcodeShapes.INVALID) {
            return false;
        }
        if ((shape & X86OpcodeShapes.MODRM) != 0) {
            modRmBytes(code);
        }
        position += immediateBytes(shape);
        return !truncated && position <= end;
    }

    private void prefixes(byte[] code) {
        while (true) {
            int value = peek(code);
            switch (value) {
                case OPERAND_SIZE_PREFIX -> operandPrefix = true;
                case ADDRESS_SIZE_PREFIX -> addressPrefix = true;
                case 0xf2, 0xf3 -> repeat = true;
                case 0x64, 0x65 -> segmentPrefix = value;
                case 0xf0, 0x26, 0x2e, 0x36, 0x3e -> {}
                default -> {
                    if ((value & 0xf0) == 0x40) {
                        rex = value;
                        position++;
                    }
                    return;
                }
            }
            position++;
        }
    }

    private void opcodeBytes(byte[] code) {
        map = 0;
        opcode = next(code);
        if (opcode == 0xc5) {
            int byte1 = next(code);
            rex = 0x40 | ((byte1 >>> 5 & 4) ^ 4);
            map = 1;
            opcode = next(code);
        } else if (opcode == 0xc4) {
            int byte1 = next(code);
            int byte2 = next(code);
            rex = 0x40 | (byte1 >>> 5 ^ 7) | (byte2 >>> 4 & 8);
            map = byte1 & 0x1f;
            opcode = next(code);
        } else if (opcode == 0x0f) {
            opcode = next(code);
            map = 1;
            if (opcode == 0x38 || opcode == 0x3a) {
                map = opcode == 0x38 ? 2 : 3;
                opcode = next(code);
            }
        }
    }

    private void modRmBytes(byte[] code) {
        modRmAt = position;
        modRm = next(code);
        int mode = modRm >>> 6;
        if (mode == 3) {
            return;
        }
        int base = modRm & 7;
        if (base == 4) {
            base = next(code) & 7;
        }
        if (mode == 1) {
            position++;
        } else if (mode == 2 || base == 5) {
            position += 4;
        }
    }

    private int immediateBytes(int shape) {
        int bytes = shape & X86OpcodeShapes.FIXED_IMMEDIATE;
        if ((shape & X86OpcodeShapes.OPERAND_IMMEDIATE) != 0) {
            bytes += operandPrefix && !wide() ? 2 : 4;
        }
        if ((shape & X86OpcodeShapes.FULL_IMMEDIATE) != 0) {
            bytes += wide() ? 8 : operandPrefix ? 2 : 4;
        }
        if ((shape & X86OpcodeShapes.ADDRESS_IMMEDIATE) != 0) {
            bytes += addressPrefix ? 4 : 8;
        }
        if ((shape & X86OpcodeShapes.TEST_IMMEDIATE) != 0 && extension() < 2) {
            bytes += (opcode & 1) == 0 ? 1 : operandPrefix && !wide() ? 2 : 4;
        }
        return bytes;
    }

    /// Returns the address of the memory operand.
    ///
    /// Preconditions:
    /// - [#hasModRm()] and not [#registerOperand()]
    long effectiveAddress(byte[] code, InstructionDecoder.OperandRegisters registers) {
        int mode = modRm >>> 6;
        int at = modRmAt + 1;
        int base = modRm & 7;
        long address = 0;
        boolean relative = false;
        if (base == 4) {
            int sib = code[at++] & 0xff;
            int index = (sib >>> 3 & 7) | (rex & 2) << 2;
            address = index == 4 ? 0 : registers.general(index) << (sib >>> 6);
            base = sib & 7;
        } else {
            relative = mode == 0 && base == 5;
        }
        if (relative) {
            address = registers.pc() + length();
        } else if (mode != 0 || base != 5) {
            address += registers.general(base | (rex & 1) << 3);
        }
        if (mode == 1) {
            address += code[at];
        } else if (mode == 2 || base == 5) {
            address += RiscvDecoder.word(code, at);
        }
        return linear(address, registers);
    }

    /// Returns whether the memory operand's base is a register that only SIB can name: rsp or r12.
    boolean basedOn(byte[] code, int register) {
        boolean sib = (modRm & 7) == 4;
        return sib && ((code[modRmAt + 1] & 7) | (rex & 1) << 3) == register;
    }

    /// Returns the absolute address that ends the instruction (MOV with moffs, opcodes A0 to A3).
    long absoluteAddress(byte[] code, InstructionDecoder.OperandRegisters registers) {
        int at = start + length() - (addressPrefix ? 4 : 8);
        long low = RiscvDecoder.word(code, at) & 0xffff_ffffL;
        long address = addressPrefix ? low : low | (long) RiscvDecoder.word(code, at + 4) << 32;
        return linear(address, registers);
    }

    /// Returns the linear address of an address computed from registers: cut to the address size, segment base added.
    long linear(long address, InstructionDecoder.OperandRegisters registers) {
        long effective = addressPrefix ? address & 0xffff_ffffL : address;
        return segmentPrefix == 0 ? effective : effective + registers.segmentBase(segmentPrefix == 0x65);
    }

    int length() {
        return position - start;
    }

    /// Returns the opcode map: 0 one byte, 1 after 0F, 2 after 0F 38, 3 after 0F 3A.
    int map() {
        return map;
    }

    int opcode() {
        return opcode;
    }

    int modRm() {
        return modRm;
    }

    boolean hasModRm() {
        return modRm != NO_MODRM;
    }

    boolean registerOperand() {
        return modRm >>> 6 == 3;
    }

    int extension() {
        return modRm >>> 3 & 7;
    }

    /// Returns the register in the middle bits of ModRM, extended by REX.R.
    int register() {
        return extension() | (rex & 4) << 1;
    }

    boolean repeatPrefix() {
        return repeat;
    }

    boolean isString() {
        return map == 0 && ((opcode >= 0xa4 && opcode <= 0xa7) || (opcode >= 0xaa && opcode <= 0xaf));
    }

    /// Returns whether REX.W asks for 64-bit operands.
    boolean wide() {
        return (rex & 8) != 0;
    }

    /// Returns whether REX.B extends the register in the low bits of ModRM.
    boolean rexB() {
        return (rex & 1) != 0;
    }

    /// Returns whether there is an operand-size prefix.
    boolean operandPrefix() {
        return operandPrefix;
    }

    private int peek(byte[] code) {
        return position < end ? code[position] & 0xff : 0;
    }

    private int next(byte[] code) {
        if (position >= end) {
            truncated = true;
            return 0;
        }
        return code[position++] & 0xff;
    }
}
