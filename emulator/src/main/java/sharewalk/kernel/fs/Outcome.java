package sharewalk.kernel.fs;

import org.jspecify.annotations.Nullable;

/// The answer of an operation that yields a thing: the thing, or a negative errno.
public final class Outcome<T> {
    private final @Nullable T value;
    private final long error;

    private Outcome(@Nullable T value, long error) {
        this.value = value;
        this.error = error;
    }

    /// Returns the answer that holds a thing.
    public static <T> Outcome<T> of(T value) {
        return new Outcome<>(value, 0);
    }

    /// Returns the answer that is an error.
    ///
    /// Preconditions:
    /// - the errno is negative
    public static <T> Outcome<T> error(long negativeErrno) {
        if (negativeErrno >= 0) {
            throw new IllegalArgumentException("an error is a negative errno, not " + negativeErrno);
        }
        return new Outcome<>(null, negativeErrno);
    }

    /// Tells whether this is an error.
    public boolean isError() {
        return error < 0;
    }

    /// Returns the negative errno, or 0 when this holds a thing.
    public long error() {
        return error;
    }

    /// Returns the thing.
    ///
    /// Preconditions:
    /// - this is no error
    public T value() {
        if (value == null) {
            throw new IllegalStateException("no value but errno " + error);
        }
        return value;
    }

    /// Returns the same error as the answer of an operation that yields something else.
    ///
    /// Preconditions:
    /// - this is an error
    public <U> Outcome<U> failed() {
        return error(error);
    }
}
