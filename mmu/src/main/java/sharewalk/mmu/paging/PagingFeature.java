package sharewalk.mmu.paging;

/// Something that a hart's walker can do and another's cannot.
public enum PagingFeature {
    /// The walker sets accessed and dirty bits (x86, always; RISC-V Svadu). Without it a missing one is a page fault
    /// (Svade).
    HARDWARE_UPDATE,
    /// 64 KiB pages made of 16 entries (RISC-V Svnapot).
    NAPOT,
    /// Memory types in entries (RISC-V Svpbmt).
    MEMORY_TYPES,
    /// 1 GiB leaves (x86; RISC-V always has them).
    GIB_PAGES,
    /// Forgetting a page leaves cached table entries that do not lead to it (AMD `EFER.TCE`, which Linux sets where
    /// there is one; APM 2, 3.1.7). Elsewhere on x86 it drops those of the whole address space.
    NARROW_TABLE_INVALIDATION
}
