package keystone.exceptions;

import keystone.KeystoneError;

/// A refusal of the assembler: its error code, with the assembler's own words in the message.
public abstract class KeystoneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final KeystoneError keystoneError;

    KeystoneException(KeystoneError keystoneError, String message) {
        super(message + ": " + keystoneError.text());
        this.keystoneError = keystoneError;
    }

    /// Returns the error code.
    public KeystoneError getKeystoneError() {
        return keystoneError;
    }
}
