package sharewalk.kernel.mm;

/// Which harts must forget when translations of an address space change.
public enum FlushReach {
    /// Those that may have loaded it.
    LOADED_HARTS,
    /// All: others see its tables.
    EVERY_HART,
    /// Those that may have loaded one of the spaces attached to the changed tables, one space after the other.
    SHARERS
}
