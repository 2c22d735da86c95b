package keystone.exceptions;

import keystone.KeystoneError;
import keystone.KeystoneOptionType;

/// An option value the assembler did not take.
public final class SetOptionFailedKeystoneException extends KeystoneException {
    private static final long serialVersionUID = 1;

    private final KeystoneOptionType optionType;
    private final int optionValue;

    /// Makes the exception for an option and the error it caused.
    public SetOptionFailedKeystoneException(KeystoneError keystoneError, KeystoneOptionType type, int value) {
        super(keystoneError, "Keystone refuses option " + type + " = " + value);
        this.optionType = type;
        this.optionValue = value;
    }

    /// Returns the option.
    public KeystoneOptionType getOptionType() {
        return optionType;
    }

    /// Returns the refused value.
    public int getOptionValue() {
        return optionValue;
    }
}
