package sharewalk.cpu.unicorn;

/// What follows each x86-64 opcode: a ModRM byte, immediates (Intel SDM volume 2, appendix A).
final class X86OpcodeShapes {
    /// Number of immediate bytes that no prefix changes.
    static final int FIXED_IMMEDIATE = 0xf;

    static final int MODRM = 0x10;

    /// Four bytes, two with an operand-size prefix.
    static final int OPERAND_IMMEDIATE = 0x20;

    /// As [#OPERAND_IMMEDIATE], and eight with REX.W.
    static final int FULL_IMMEDIATE = 0x40;

    /// An absolute address of eight bytes, four with an address-size prefix.
    static final int ADDRESS_IMMEDIATE = 0x80;

    /// The immediate of TEST in group 3, there for extensions 0 and 1 only.
    static final int TEST_IMMEDIATE = 0x100;

    static final int INVALID = -1;

    private static final int[] ONE_BYTE = new int[256];
    private static final int[] TWO_BYTE = new int[256];

    static {
        oneByte();
        twoByte();
    }

    private X86OpcodeShapes() {}

    static int of(int map, int opcode) {
        return switch (map) {
            case 0 -> ONE_BYTE[opcode];
            case 1 -> TWO_BYTE[opcode];
            case 2 -> MODRM;
            case 3 -> MODRM + 1;
            default -> INVALID;
        };
    }

    private static void oneByte() {
        for (int row = 0; row < 0x40; row += 8) {
            fill(ONE_BYTE, row, row + 3, MODRM);
            ONE_BYTE[row + 4] = 1;
            ONE_BYTE[row + 5] = OPERAND_IMMEDIATE;
        }
        set(ONE_BYTE, INVALID, 0x06, 0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x27, 0x2f, 0x37, 0x3f);
        set(ONE_BYTE, INVALID, 0x60, 0x61, 0x62, 0x82, 0x9a, 0xce, 0xd4, 0xd5, 0xd6, 0xea);
        ONE_BYTE[0x63] = MODRM;
        set(ONE_BYTE, OPERAND_IMMEDIATE, 0x68, 0xa9);
        set(ONE_BYTE, MODRM | OPERAND_IMMEDIATE, 0x69, 0x81, 0xc7);
        set(ONE_BYTE, MODRM + 1, 0x6b, 0x80, 0x83, 0xc0, 0xc1, 0xc6);
        set(ONE_BYTE, 1, 0x6a, 0xa8, 0xcd, 0xeb);
        fill(ONE_BYTE, 0x70, 0x7f, 1);
        fill(ONE_BYTE, 0x84, 0x8f, MODRM);
        fill(ONE_BYTE, 0xa0, 0xa3, ADDRESS_IMMEDIATE);
        fill(ONE_BYTE, 0xb0, 0xb7, 1);
        fill(ONE_BYTE, 0xb8, 0xbf, FULL_IMMEDIATE);
        set(ONE_BYTE, 2, 0xc2, 0xca);
        ONE_BYTE[0xc8] = 3;
        fill(ONE_BYTE, 0xd0, 0xd3, MODRM);
        fill(ONE_BYTE, 0xd8, 0xdf, MODRM);
        fill(ONE_BYTE, 0xe0, 0xe7, 1);
        set(ONE_BYTE, 4, 0xe8, 0xe9);
        set(ONE_BYTE, MODRM | TEST_IMMEDIATE, 0xf6, 0xf7);
        set(ONE_BYTE, MODRM, 0xfe, 0xff);
    }

    private static void twoByte() {
        fill(TWO_BYTE, 0x00, 0xff, MODRM);
        set(TWO_BYTE, INVALID, 0x04, 0x0a, 0x0c, 0x24, 0x25, 0x26, 0x27, 0x36, 0x38, 0x39, 0x3a, 0x3b);
        set(TWO_BYTE, INVALID, 0x3c, 0x3d, 0x3e, 0x3f, 0x7a, 0x7b, 0xa6, 0xa7);
        fill(TWO_BYTE, 0x05, 0x09, 0);
        set(TWO_BYTE, 0, 0x0b, 0x0e, 0x77, 0xa0, 0xa1, 0xa2, 0xa8, 0xa9, 0xaa);
        fill(TWO_BYTE, 0x30, 0x35, 0);
        TWO_BYTE[0x37] = 0;
        set(TWO_BYTE, MODRM + 1, 0x0f, 0x70, 0x71, 0x72, 0x73, 0xa4, 0xac, 0xba, 0xc2, 0xc4, 0xc5, 0xc6);
        fill(TWO_BYTE, 0x80, 0x8f, 4);
        fill(TWO_BYTE, 0xc8, 0xcf, 0);
    }

    private static void fill(int[] table, int first, int last, int shape) {
        for (int opcode = first; opcode <= last; opcode++) {
            table[opcode] = shape;
        }
    }

    private static void set(int[] table, int shape, int... opcodes) {
        for (int opcode : opcodes) {
            table[opcode] = shape;
        }
    }
}
