package unicorn;

/// An access to memory that is allowed (`UC_HOOK_MEM_READ`, `UC_HOOK_MEM_WRITE`, `UC_HOOK_MEM_READ_AFTER`).
@FunctionalInterface
public interface RawMem {
    /// Takes one access; with a virtual TLB the address is the physical one.
    void access(int type, long address, int sizeBytes, long value);
}
