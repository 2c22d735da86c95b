package sharewalk.mmu.cause;

import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.tlb.QuietPageListener;
import sharewalk.mmu.tlb.TlbTag;

/// How a shadow tags its entries: with an id for each address space and each shared domain. The one the hart runs in is
/// known here.
final class ShadowSpaces {
    private final Spaces spaces = new Spaces();
    private AddressSpaceRegister register = AddressSpaceRegister.of(0, 0);
    private int current;
    private boolean hasDomains;

    /// Switches to an address space. Returns the id that it has got if another space had it before, else
    /// [Spaces#NONE].
    int enter(AddressSpaceRegister space) {
        register = space;
        hasDomains = !space.domains().isEmpty();
        int known = spaces.find(space.spaceNumber());
        current = known == Spaces.NONE ? spaces.assign(space.spaceNumber()) : known;
        spaces.enter(current, space.rootPfn(), space.asid());
        return known == Spaces.NONE ? current : Spaces.NONE;
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
        if (asid == register.asid()) {
            return current;
        }
        // A domain's number is below those of all spaces.
        long number = -1L - asid;
        int known = spaces.find(number);
        int id = known == Spaces.NONE ? spaces.assign(number) : known;
        spaces.enter(id, register.rootPfn(), asid);
        return id;
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
