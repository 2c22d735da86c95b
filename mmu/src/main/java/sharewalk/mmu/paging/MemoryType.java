package sharewalk.mmu.paging;

/// The memory type that a leaf asks for (RISC-V Privileged Architecture 20250508, 14 "Svpbmt"). It changes no
/// translation and nothing that is counted. x86 entries select a type through the PAT instead, which is not modelled:
/// theirs is always `PMA`.
public enum MemoryType {
    /// What the physical address says.
    PMA,
    /// Non-cacheable main memory.
    NON_CACHEABLE,
    /// Non-cacheable, non-idempotent, strongly ordered.
    IO
}
