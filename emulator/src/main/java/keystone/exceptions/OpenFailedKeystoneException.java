package keystone.exceptions;

import keystone.KeystoneError;

/// An architecture and mode the assembler does not know together.
public final class OpenFailedKeystoneException extends KeystoneException {
    private static final long serialVersionUID = 1;

    /// Makes the exception for the error of the opening call.
    public OpenFailedKeystoneException(KeystoneError keystoneError) {
        super(keystoneError, "Keystone cannot be opened");
    }
}
