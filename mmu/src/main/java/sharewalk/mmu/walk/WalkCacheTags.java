package sharewalk.mmu.walk;

/// The ids that tell partial translations of different address spaces apart.
///
/// An address space may have ranges that others translate alike, with an id for each. A partial translation is theirs
/// only if everything it covers is: so the id is asked for with what it covers.
@FunctionalInterface
public interface WalkCacheTags {
    /// The address space's own id for everything.
    WalkCacheTags OF_ADDRESS_SPACE = (_, _, asid) -> asid;

    /// Returns the id for the aligned block of `1 << shift` bytes around an address: `asid`, that of the address space,
    /// unless the whole block lies in a range with another.
    int idOfBlock(long virtAddr, int shift, int asid);
}
