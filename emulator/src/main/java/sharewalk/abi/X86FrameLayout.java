package sharewalk.abi;

/// Offsets within `struct rt_sigframe` of x86-64: return address, ucontext, siginfo; the FXSAVE image lies above.
public final class X86FrameLayout {
    public static final int SIZE = 440;
    public static final int RETURN_ADDRESS = 0;
    public static final int UCONTEXT = 8;
    public static final int UC_FLAGS = UCONTEXT;
    public static final int STACK = UCONTEXT + 16;
    /// `struct sigcontext`: r8 to r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags.
    public static final int REGISTERS = UCONTEXT + 40;
    public static final int RIP = REGISTERS + 16 * 8;
    public static final int EFLAGS = REGISTERS + 17 * 8;
    public static final int CS = REGISTERS + 18 * 8;
    public static final int SS = CS + 6;
    public static final int ERR = CS + 8;
    public static final int TRAPNO = CS + 16;
    public static final int OLDMASK = CS + 24;
    public static final int CR2 = CS + 32;
    public static final int FPSTATE = CS + 40;
    public static final int SIGMASK = UCONTEXT + 296;
    public static final int SIGINFO = UCONTEXT + 304;
    public static final int FXSAVE_SIZE = 512;
    /// Bytes below the stack pointer that a leaf function may use, which a frame must not touch.
    public static final int RED_ZONE = 128;
    /// uc_flags: the context holds SS, and it is restored strictly.
    public static final int UC_SIGCONTEXT_SS = 2;
    public static final int UC_STRICT_RESTORE_SS = 4;
    public static final int USER_CS = 0x33;
    public static final int USER_SS = 0x2b;

    private static final int[] ORDER = {8, 9, 10, 11, 12, 13, 14, 15, 7, 6, 5, 3, 2, 0, 1, 4};

    private X86FrameLayout() {}

    /// Returns which general register, by its encoding, lies at `REGISTERS + 8 * position`; positions are 0 to 15.
    public static int registerAt(int position) {
        return ORDER[position];
    }
}
