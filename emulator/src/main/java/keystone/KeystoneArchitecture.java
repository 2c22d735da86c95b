package keystone;

import org.jspecify.annotations.Nullable;

/// An architecture Keystone 0.9.2 can be built with.
public enum KeystoneArchitecture {
    /// 32-bit Arm, Thumb included.
    Arm(1),
    /// AArch64.
    Arm64(2),
    /// MIPS.
    Mips(3),
    /// x86 in all its modes.
    X86(4),
    /// PowerPC.
    Ppc(5),
    /// SPARC.
    Sparc(6),
    /// IBM System z.
    SystemZ(7),
    /// Qualcomm Hexagon.
    Hexagon(8),
    /// The Ethereum virtual machine.
    Evm(9),
    /// One more than the last.
    Max(10);

    private final int value;

    KeystoneArchitecture(int value) {
        this.value = value;
    }

    /// Returns the constant of a number, null where there is none; of several with one number, the last.
    public static @Nullable KeystoneArchitecture fromValue(Integer value) {
        KeystoneArchitecture found = null;
        for (KeystoneArchitecture constant : values()) {
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
