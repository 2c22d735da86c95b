package unicorn;

import org.jspecify.annotations.Nullable;

/// A refusal by the engine, or an engine that cannot be used at all.
public class UnicornException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Creates an exception without a message.
    public UnicornException() {
        super();
    }

    /// Creates an exception with a message.
    public UnicornException(String msg) {
        super(msg);
    }

    UnicornException(String msg, @Nullable Throwable cause) {
        super(msg, cause);
    }
}
