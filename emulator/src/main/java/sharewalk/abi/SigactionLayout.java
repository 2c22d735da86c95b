package sharewalk.abi;

/// The kernel's `struct sigaction`, which differs from the C library's: offsets and sizes per instruction set.
///
/// @param restorer offset of the restorer, or -1 where the set has none
public record SigactionLayout(int sizeBytes, int handler, int flags, int restorer, int mask) {
    /// RISC-V: handler, flags, mask.
    public static final SigactionLayout RISCV = new SigactionLayout(24, 0, 8, -1, 16);

    /// x86-64: handler, flags, restorer, mask.
    public static final SigactionLayout X86 = new SigactionLayout(32, 0, 8, 16, 24);

    /// Size of a signal set as rt_sig* calls take it.
    public static final int SIGSET_BYTES = 8;
}
