package sharewalk.mmu;

import sharewalk.mmu.tlb.PolicyKind;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.tlb.TlbTag;
import sharewalk.mmu.walk.PageWalkCacheGeometry;

/// The translation hardware of a hart.
///
/// `asidBits` is the width of its address-space ids; with 0, whoever switches roots flushes. With `hardwareUpdate` the
/// walker sets accessed and dirty bits (x86, RISC-V Svadu); without it a missing one is a page fault (Svade).
public record MachineProfile(
        String name,
        TlbGeometry l1i,
        TlbGeometry l1d,
        TlbGeometry l2,
        int asidBits,
        PageWalkCacheGeometry walkCache,
        boolean hardwareUpdate) {

    /// The default machine: of ordinary sizes, exact and fast to model. It is no particular processor.
    public static final MachineProfile DEFAULT = new MachineProfile(
            "default",
            new TlbGeometry(16, 4, PolicyKind.FIFO),
            new TlbGeometry(16, 4, PolicyKind.FIFO),
            new TlbGeometry(128, 8, PolicyKind.LRU),
            16,
            PageWalkCacheGeometry.of(32, 4),
            true);

    public MachineProfile {
        if (asidBits < 0 || asidBits > Integer.bitCount(TlbTag.MAX_ASID)) {
            throw new IllegalArgumentException("an ASID has 0 to 16 bits, not " + asidBits);
        }
    }

    /// Returns this machine with another first-level TLB for fetches.
    public MachineProfile withL1i(TlbGeometry geometry) {
        return new MachineProfile(name, geometry, l1d, l2, asidBits, walkCache, hardwareUpdate);
    }

    /// Returns this machine with another first-level TLB for data.
    public MachineProfile withL1d(TlbGeometry geometry) {
        return new MachineProfile(name, l1i, geometry, l2, asidBits, walkCache, hardwareUpdate);
    }

    /// Returns this machine with another second-level TLB.
    public MachineProfile withL2(TlbGeometry geometry) {
        return new MachineProfile(name, l1i, l1d, geometry, asidBits, walkCache, hardwareUpdate);
    }

    /// Returns this machine with another walk cache.
    public MachineProfile withWalkCache(PageWalkCacheGeometry geometry) {
        return new MachineProfile(name, l1i, l1d, l2, asidBits, geometry, hardwareUpdate);
    }

    /// Returns this machine under another name.
    public MachineProfile named(String newName) {
        return new MachineProfile(newName, l1i, l1d, l2, asidBits, walkCache, hardwareUpdate);
    }

    /// Returns the highest address-space id.
    public int maxAsid() {
        return (1 << asidBits) - 1;
    }
}
