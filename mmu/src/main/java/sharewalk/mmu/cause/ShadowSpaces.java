package sharewalk.mmu.cause;

import java.util.function.IntConsumer;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.DomainRanges;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.TlbTag;

/// How a shadow tags its entries: with an id for each address space and each shared domain. The one the hart runs in is
/// known here.
final class ShadowSpaces {
    private final Spaces spaces = new Spaces();
    private AddressSpaceRegister register = AddressSpaceRegister.of(0, 0);
    private DomainRanges tableDomains = DomainRanges.NONE;
    private int current;
    private boolean hasDomains;

    /// Switches to an address space, whose partial translations are tagged by `newTableDomains`. `given` is told of
    /// each id that something has got: another space or domain may have had it before.
    void enter(AddressSpaceRegister space, DomainRanges newTableDomains, IntConsumer given) {
        register = space;
        tableDomains = newTableDomains;
        hasDomains = !space.domains().isEmpty();
        current = enter(space.spaceNumber(), space.asid(), given);
        for (DomainRanges.Domain domain : space.domains().domains()) {
            int _ = enter(numberOf(domain), domain.id(), given);
        }
        for (DomainRanges.Domain domain : tableDomains.domains()) {
            int _ = enter(numberOf(domain), domain.id(), given);
        }
    }

    private int enter(long number, int asid, IntConsumer given) {
        int id = spaces.find(number);
        if (id == Spaces.NONE) {
            id = spaces.assign(number);
            given.accept(id);
        }
        spaces.enter(id, register.rootPfn(), asid);
        return id;
    }

    /// Returns the number of a domain, below those of all spaces.
    private static long numberOf(DomainRanges.Domain domain) {
        return -1 - domain.number();
    }

    /// Returns the id of the address space the hart runs in.
    int current() {
        return current;
    }

    /// Returns the root of its tables.
    long rootPfn() {
        return register.rootPfn();
    }

    /// Returns the id that tags an address in it.
    int idOf(long virtAddr) {
        if (!hasDomains) {
            return current;
        }
        int asid = register.idOf(virtAddr);
        return asid == register.asid() ? current : spaces.ofAsid(asid);
    }

    /// Returns the id that tags a partial translation of the aligned block of `1 << shift` bytes around an address.
    int idOfBlock(long virtAddr, int shift) {
        int asid = tableDomains.idOfBlock(virtAddr, shift, register.asid());
        return asid == register.asid() ? current : spaces.ofAsid(asid);
    }

    /// Returns the space that an id of the hardware stands for, or [Spaces#NONE].
    int ofAsid(int asid) {
        return spaces.ofAsid(asid);
    }

    /// Returns the root of the tables that an entry of the shadow was made from.
    long rootOf(long tag) {
        return TlbTag.isGlobal(tag) ? register.rootPfn() : rootOfSpace(TlbTag.asid(tag));
    }

    /// Returns the root of the tables that an entry tagged by the hardware was made from.
    long rootOfReal(long tag) {
        return TlbTag.isGlobal(tag) ? register.rootPfn() : rootOfAsid(TlbTag.asid(tag));
    }

    /// Returns the root of a space, as it was when the hart last ran in it.
    long rootOfSpace(int space) {
        return spaces.rootPfn(space);
    }

    /// Returns the root of the space that an id of the hardware stands for, or else that of the current one.
    long rootOfAsid(int asid) {
        int space = spaces.ofAsid(asid);
        return space == Spaces.NONE ? register.rootPfn() : spaces.rootPfn(space);
    }

    /// Returns a listener to a shadow TLB that tells another one of the pages of the address space the hart runs in.
    ///
    /// A page overtaken in the shadow is told of as one no longer quiet: nobody notes hits for the shadow.
    QuietPageListener listeningFor(QuietPageListener listener) {
        return new QuietPageListener() {
            @Override
            public void noLongerQuiet(int space, long virtAddr, long sizeBytes) {
                if (space == ANY_ASID || space == current || hasDomains) {
                    listener.noLongerQuiet(ANY_ASID, virtAddr, sizeBytes);
                }
            }

            @Override
            public void allNoLongerQuiet() {
                listener.allNoLongerQuiet();
            }
        };
    }
}
