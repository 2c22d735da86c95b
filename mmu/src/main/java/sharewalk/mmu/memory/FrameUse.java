package sharewalk.mmu.memory;

/// What a frame is used for.
public enum FrameUse {
    /// Not handed out.
    FREE,
    /// Holds what programs read and write.
    DATA,
    /// Holds page-table entries.
    TABLE,
    /// Never handed out.
    RESERVED
}
