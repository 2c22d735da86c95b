package sharewalk.kernel.fs;

/// The memory of the process that makes a call, for calls whose argument is an address (ioctl(2)).
public interface CallerMemory {
    /// Copies from the caller; returns 0 or -EFAULT.
    long copyIn(long virtAddr, byte[] into);

    /// Copies to the caller; returns 0 or -EFAULT.
    long copyOut(long virtAddr, byte[] from);
}
