package unicorn;

/// A memory-management register of x86: GDTR, IDTR, LDTR or TR.
public class X86_MMR {
    /// Linear address of the table or segment.
    public long base;

    /// Limit in bytes.
    public int limit;

    /// Descriptor flags, only of LDTR and TR.
    public int flags;

    /// Selector, only of LDTR and TR.
    public short selector;

    /// Creates a value of LDTR or TR.
    public X86_MMR(long base, int limit, int flags, short selector) {
        this.base = base;
        this.limit = limit;
        this.flags = flags;
        this.selector = selector;
    }

    /// Creates a value of GDTR or IDTR.
    public X86_MMR(long base, int limit) {
        this(base, limit, 0, (short) 0);
    }

    @Override
    public String toString() {
        return "X86_MMR [base=" + base + ", limit=" + limit + ", flags=" + flags + ", selector=" + selector + "]";
    }
}
