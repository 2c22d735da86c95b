package sharewalk.mmu;

import sharewalk.mmu.paging.AccessType;
import sharewalk.mmu.paging.AddressSpaceRegister;
import sharewalk.mmu.paging.DomainRanges;
import sharewalk.mmu.paging.PagingMode;
import sharewalk.mmu.walk.Rights;
import sharewalk.mmu.walk.WalkMode;

/// What a hart translates by: its address space, its privilege and control bits.
final class HartRegisters {
    private final MachineProfile profile;

    /// Bits above the translated ones, which a canonical address repeats the highest translated one in.
    private final int unusedAddressBits;

    private AddressSpaceRegister space = AddressSpaceRegister.of(0, 0);
    private DomainRanges tableDomains = DomainRanges.NONE;
    private int asid;
    private boolean hasDomains;
    private WalkMode mode;
    private WalkMode pureMode;

    HartRegisters(MachineProfile profile, PagingMode paging) {
        this.profile = profile;
        unusedAddressBits = Long.SIZE - paging.virtAddrBits();
        mode = supported(WalkMode.USER_MODE);
        pureMode = mode.with(WalkMode.PURE);
    }

    private WalkMode supported(WalkMode wanted) {
        return profile.hardwareUpdate() ? wanted : wanted.without(WalkMode.HARDWARE_UPDATE);
    }

    void setSpace(AddressSpaceRegister newSpace) {
        int highest = Math.max(newSpace.asid(), newSpace.domains().maxId());
        if (newSpace.asid() < 0 || highest > profile.maxAsid()) {
            throw new IllegalArgumentException("ASID " + highest + " needs more than " + profile.asidBits() + " bits");
        }
        space = profile.tags().sharedDomains() ? newSpace : newSpace.withoutDomains();
        tableDomains = profile.tags().sharedWalkCache() ? newSpace.domains() : DomainRanges.NONE;
        asid = space.asid();
        hasDomains = !space.domains().isEmpty();
    }

    void setMode(WalkMode newMode) {
        if (newMode.has(WalkMode.PURE)) {
            throw new IllegalArgumentException("a hart's mode is not pure");
        }
        mode = supported(newMode);
        pureMode = mode.with(WalkMode.PURE);
    }

    AddressSpaceRegister space() {
        return space;
    }

    /// Returns the ranges whose partial translations are tagged with ids of their own.
    DomainRanges tableDomains() {
        return tableDomains;
    }

    long rootPfn() {
        return space.rootPfn();
    }

    int asid() {
        return asid;
    }

    /// Returns the id that tags what is cached for an address.
    int idOf(long virtAddr) {
        return hasDomains ? space.domains().idOf(virtAddr, asid) : asid;
    }

    WalkMode mode() {
        return mode;
    }

    /// Returns the mode of walks that change nothing.
    WalkMode pureMode() {
        return pureMode;
    }

    boolean isCanonical(long virtAddr) {
        return virtAddr << unusedAddressBits >> unusedAddressBits == virtAddr;
    }

    /// Returns whether a TLB entry allows an access.
    boolean permits(long translation, AccessType access) {
        return mode.permits((int) translation & Rights.MASK, access);
    }

    /// Returns whether a TLB entry allows an access, but only after its dirty bit has been set.
    static boolean isClean(long translation, AccessType access) {
        return access == AccessType.STORE && (translation & Rights.DIRTY) == 0;
    }
}
