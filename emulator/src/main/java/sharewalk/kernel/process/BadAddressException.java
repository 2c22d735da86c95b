package sharewalk.kernel.process;

import java.io.Serial;

/// A guest pointer that the kernel could not follow; the system call that used it answers EFAULT.
///
/// An exception on purpose: nearly every system call follows pointers at several places, and all of them end the same
/// way. It carries no stack and is caught in one place.
public final class BadAddressException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /// Creates the exception for the address that could not be read or written.
    public BadAddressException(long virtAddr) {
        super("bad guest address 0x" + Long.toHexString(virtAddr), null, false, false);
    }
}
