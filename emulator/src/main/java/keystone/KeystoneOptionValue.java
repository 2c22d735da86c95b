package keystone;

import org.jspecify.annotations.Nullable;

/// The values options can have.
public final class KeystoneOptionValue {
    private KeystoneOptionValue() {}

    /// A syntax of x86 assembly; [#Radix16] is added to another to read plain numbers as hexadecimal.
    public enum KeystoneOptionSyntax {
        /// Intel's, the default.
        Intel(1),
        /// AT&T's.
        Att(1 << 1),
        /// NASM's.
        Nasm(1 << 2),
        /// MASM's, unsupported so far.
        Masm(1 << 3),
        /// GNU as's.
        Gas(1 << 4),
        /// Plain numbers are hexadecimal.
        Radix16(1 << 5);

        private final int value;

        KeystoneOptionSyntax(int value) {
            this.value = value;
        }

        /// Returns the constant of a number, null where there is none; of several with one number, the last.
        public static @Nullable KeystoneOptionSyntax fromValue(Integer value) {
            KeystoneOptionSyntax found = null;
            for (KeystoneOptionSyntax constant : values()) {
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
}
