package sharewalk.mmu.walk;

/// The cause for which an address has no translation for an access.
public enum WalkFault {
    /// There is a translation.
    NONE,

    /// An entry is not valid (RISC-V), not present (x86).
    NOT_PRESENT,

    /// The rights do not allow the access; or the accessed or dirty bit is missing and hardware does not set it.
    PROTECTION,

    /// An entry has a reserved bit or encoding, among them a pointer where only a leaf may be.
    RESERVED_BIT,

    /// The address is not canonical for the paging mode.
    NON_CANONICAL,

    /// A superpage's frame is not aligned to its size (RISC-V).
    MISALIGNED_SUPERPAGE,

    /// An entry points outside RAM.
    BAD_PHYSICAL
}
