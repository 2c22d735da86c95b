package keystone;

import org.jspecify.annotations.Nullable;

/// A mode of an architecture: byte order, width or version.
public enum KeystoneMode {
    /// Little-endian, the default.
    LittleEndian(0),
    /// Big-endian.
    BigEndian(1 << 30),
    /// Arm: A32.
    Arm(1),
    /// Arm: Thumb and Thumb-2.
    ArmThumb(1 << 4),
    /// Arm: A32 of version 8.
    ArmV8(1 << 6),
    /// MIPS: microMIPS.
    MipsMicro(1 << 4),
    /// MIPS: MIPS III.
    Mips3(1 << 5),
    /// MIPS: MIPS32 release 6.
    Mips32r6(1 << 6),
    /// MIPS: MIPS32.
    Mips32(1 << 2),
    /// MIPS: MIPS64.
    Mips64(1 << 3),
    /// x86: 16-bit.
    Mode16(1 << 1),
    /// x86: 32-bit.
    Mode32(1 << 2),
    /// x86: 64-bit.
    Mode64(1 << 3),
    /// PowerPC: 32-bit.
    Ppc32(1 << 2),
    /// PowerPC: 64-bit.
    Ppc64(1 << 3),
    /// PowerPC: with QPX.
    PpcQpx(1 << 4),
    /// SPARC: 32-bit.
    Sparc32(1 << 2),
    /// SPARC: 64-bit.
    Sparc64(1 << 3),
    /// SPARC: version 9.
    SparcV9(1 << 4);

    private final int value;

    KeystoneMode(int value) {
        this.value = value;
    }

    /// Returns the constant of a number, null where there is none; of several with one number, the last.
    public static @Nullable KeystoneMode fromValue(Integer value) {
        KeystoneMode found = null;
        for (KeystoneMode constant : values()) {
            if (constant.value == value) {
                found = constant;
            }
        }
        return found;
    }

    /// Returns the number the assembler knows it by.
    public int value() {
        return value;
    }
}
