package sharewalk.abi;

/// Offsets within `struct rt_sigframe` of RISC-V: siginfo, then ucontext.
public final class RiscvFrameLayout {
    public static final int SIZE = 1088;
    public static final int SIGINFO = 0;
    public static final int UCONTEXT = 128;
    /// Within the frame: the alternate stack, the blocked signals, the general registers with the pc first.
    public static final int STACK = UCONTEXT + 16;
    public static final int SIGMASK = UCONTEXT + 40;
    public static final int REGISTERS = UCONTEXT + 176;
    /// f0 to f31, then fcsr; the rest of the area, sized for the Q extension, is zero.
    public static final int FLOATS = REGISTERS + 256;

    private RiscvFrameLayout() {}
}
