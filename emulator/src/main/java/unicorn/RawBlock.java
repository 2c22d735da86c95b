package unicorn;

/// The start of a basic block (`UC_HOOK_BLOCK`) or of an instruction (`UC_HOOK_CODE`).
@FunctionalInterface
public interface RawBlock {
    /// Takes the virtual address and the size in bytes of what is about to run.
    void enter(long virtAddr, int sizeBytes);
}
