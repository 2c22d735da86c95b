package unicorn;

import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// The handle of an engine from `uc_open` to `uc_close`, and the exception that a callback left behind.
///
/// While a call that may run callbacks is under way, `close` only takes the handle away; the last such call to return
/// frees the engine, first the engine, then the arena with the stubs that it could still call.
final class Lifetime {
    private final Arena arena = Arena.ofShared();
    private long handle;
    private long doomed;
    private int depth;
    private @Nullable Throwable failure;

    Arena arena() {
        return arena;
    }

    void begin(long newHandle) {
        handle = newHandle;
    }

    /// Returns the engine's address, or throws if it was closed.
    long handle() {
        long current = handle;
        if (current == 0) {
            throw new UnicornException("The engine is closed");
        }
        return current;
    }

    boolean isClosed() {
        return handle == 0;
    }

    /// Begins a call that may run callbacks, and returns the engine's address.
    synchronized long enter() {
        long current = handle();
        depth++;
        return current;
    }

    /// Returns whether the call under way was not made by a callback.
    boolean isOutermost() {
        return depth == 1;
    }

    /// Ends such a call: frees a doomed engine, and throws what a callback threw.
    synchronized void leave() {
        depth--;
        if (depth == 0 && doomed != 0) {
            free(doomed);
            doomed = 0;
        }
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            throw Lifetime.<RuntimeException>unchecked(thrown);
        }
    }

    synchronized int stop() {
        return NativeCalls.emuStop(handle());
    }

    synchronized void close() {
        long current = handle;
        if (current == 0) {
            return;
        }
        handle = 0;
        if (depth == 0) {
            free(current);
        } else {
            doomed = current;
            int _ = NativeCalls.emuStop(current);
        }
    }

    private void free(long current) {
        int _ = NativeCalls.close(current);
        arena.close();
    }

    /// Returns whether the guest is to stop because a callback failed or closed the engine.
    boolean isStopping() {
        return failure != null || handle == 0;
    }

    /// Keeps the first exception of a callback until the call that ran the guest returns.
    void keepFailure(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        }
    }

    /// Keeps the exception and asks the guest to stop.
    void failAndStop(Throwable thrown) {
        keepFailure(thrown);
        long current = handle != 0 ? handle : doomed;
        try {
            int _ = NativeCalls.emuStop(current);
        } catch (Throwable t) {
            // Nothing may leave an upcall; the kept exception still ends the run when the guest stops.
            keepFailure(t);
        }
    }

    // A callback's exception reaches the caller as it is, checked or not, as from a Java method.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
