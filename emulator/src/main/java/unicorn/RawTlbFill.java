package unicorn;

/// The answer to a miss in the engine's own TLB, as primitives.
@FunctionalInterface
public interface RawTlbFill {
    /// Returns the physical page address with the rights (`UC_PROT_*`) in its low 12 bits, or a negative number to
    /// refuse.
    ///
    /// The rights must hold the kind asked for. A refusal ends the run with `UC_ERR_EXCEPTION` just before
    /// the instruction; it is the only safe way to stop from here.
    ///
    /// @param virtAddr start of the page (the exact address is [Engine#faultAddress] after the stop)
    /// @param accessType `UC_MEM_READ`, `UC_MEM_WRITE` or `UC_MEM_FETCH`
    long fill(long virtAddr, int accessType);
}
