package keystone;

import org.jspecify.annotations.Nullable;

/// An option of an open assembler.
public enum KeystoneOptionType {
    /// The syntax, one of [KeystoneOptionValue.KeystoneOptionSyntax].
    Syntax(1),
    /// The address of a native function that resolves symbols.
    SymbolResolver(2);

    private final int value;

    KeystoneOptionType(int value) {
        this.value = value;
    }

    /// Returns the constant of a number, null where there is none; of several with one number, the last.
    public static @Nullable KeystoneOptionType fromValue(Integer value) {
        KeystoneOptionType found = null;
        for (KeystoneOptionType constant : values()) {
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
