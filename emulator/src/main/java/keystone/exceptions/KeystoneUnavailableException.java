package keystone.exceptions;

import org.jspecify.annotations.Nullable;

/// The lack of a usable Keystone on this host; the message says what to do.
public final class KeystoneUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Makes the exception with the reason and, where there is one, its cause.
    public KeystoneUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
