package sharewalk.kernel.syscall;

/// How much of a system call is there.
public enum Support {
    /// All that a program can tell.
    FULL,
    /// A part, as the note says.
    PARTIAL,
    /// Succeeds and does nothing, because nothing here would show it.
    IGNORED,
    /// There under the sharing design that the note names; fails with ENOSYS under any other.
    DESIGN,
    /// Fails with ENOSYS, as on a kernel without it.
    ENOSYS
}
