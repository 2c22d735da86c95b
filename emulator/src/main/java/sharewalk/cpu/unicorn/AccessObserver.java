package sharewalk.cpu.unicorn;

import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.InvalidationScope;

/// An observer of the whole stream of accesses and invalidations a hart's model is told in exhaustive mode: enough to
/// compute every miss again.
public interface AccessObserver {
    /// The value of `keptPage` where any entry may be the victim.
    long NO_PAGE = -1;

    /// Takes one access to one page.
    ///
    /// @param asid the id that tags what is cached for the address
    /// @param keptPage the page whose entry must not be the victim, or [#NO_PAGE]
    /// @param translation the answer of the MMU, see [sharewalk.mmu.Translation]
    /// @param pageShift the number of address bits inside the page, 0 where the access faults
    void accessed(int asid, long virtAddr, AccessType access, long keptPage, long translation, int pageShift);

    /// Takes one request to drop translations.
    void invalidated(InvalidationScope scope);

    /// Takes what a page fault dropped by itself.
    void droppedAfterFault(int asid, long virtAddr);
}
