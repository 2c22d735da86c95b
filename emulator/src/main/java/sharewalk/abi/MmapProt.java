package sharewalk.abi;

/// Protection bits of mmap(2) and mprotect(2).
public final class MmapProt {
    public static final int PROT_NONE = 0;
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int PROT_EXEC = 4;
    public static final int PROT_SEM = 8;
    public static final int PROT_GROWSDOWN = 0x0100_0000;
    public static final int PROT_GROWSUP = 0x0200_0000;

    /// The three that say what an access may do.
    public static final int PROT_ACCESS = PROT_READ | PROT_WRITE | PROT_EXEC;

    private MmapProt() {}
}
