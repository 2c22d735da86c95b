package sharewalk.mmu.paging;

/// What a hart is given when it switches to an address space: the root of its tables and the ids that tag what is
/// cached of it.
///
/// @param rootPfn the frame of the root table page
/// @param asid tags every translation outside the domains
/// @param spaceNumber a number of the address space that is never used again, for observers; hardware has none
/// @param domains the ranges that are tagged with ids of their own, if the machine can
public record AddressSpaceRegister(long rootPfn, int asid, long spaceNumber, DomainRanges domains) {
    /// Returns an address space without domains, which nobody tells from another one with its ASID.
    public static AddressSpaceRegister of(long rootPfn, int asid) {
        return new AddressSpaceRegister(rootPfn, asid, asid, DomainRanges.NONE);
    }

    /// Returns this address space without its domains.
    public AddressSpaceRegister withoutDomains() {
        return domains.isEmpty() ? this : new AddressSpaceRegister(rootPfn, asid, spaceNumber, DomainRanges.NONE);
    }

    /// Returns the id that tags what is cached for an address.
    public int idOf(long virtAddr) {
        return domains.isEmpty() ? asid : domains.idOf(virtAddr, asid);
    }
}
