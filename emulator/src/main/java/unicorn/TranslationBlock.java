package unicorn;

/// A translated basic block.
public class TranslationBlock {
    /// Virtual address of its first instruction.
    public long pc;

    /// Number of instructions.
    public int icount;

    /// Size in bytes.
    public int size;

    /// Creates a block.
    public TranslationBlock(long pc, int icount, int size) {
        this.pc = pc;
        this.icount = icount;
        this.size = size;
    }

    @Override
    public String toString() {
        return String.format("TranslationBlock [pc=0x%x, icount=%d, size=%d]", pc, icount, size);
    }
}
