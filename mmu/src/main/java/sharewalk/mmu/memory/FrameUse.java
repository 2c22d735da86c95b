package sharewalk.mmu.memory;

/// What a frame is used for.
public enum FrameUse {
    /// Not handed out.
    FREE,
    /// Holds what programs read and write.
    DATA,
    /// Holds what programs read and write, as part of a superpage that is kept for its like when nobody uses it.
    KEPT,
    /// Holds page-table entries.
    TABLE,
    /// Never handed out.
    RESERVED
}
