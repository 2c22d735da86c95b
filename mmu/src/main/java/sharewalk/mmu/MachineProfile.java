package sharewalk.mmu;

import java.util.Set;
import sharewalk.mmu.cache.PolicyKind;
import sharewalk.mmu.paging.PagingFeature;
import sharewalk.mmu.tlb.TagRules;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.tlb.TlbHierarchyGeometry;
import sharewalk.mmu.walk.PageWalkCacheGeometry;
import sharewalk.mmu.walk.PteCacheGeometry;
import sharewalk.mmu.walk.WalkerProfile;

/// The translation hardware of a machine: what each hart has, and how harts make each other forget.
public record MachineProfile(
        String name, TlbHierarchyGeometry tlbs, WalkerProfile walker, TagRules tags, RemoteInvalidation remote) {

    /// The default machine: of ordinary sizes, exact and fast to model. It is no particular processor.
    public static final MachineProfile DEFAULT = new MachineProfile(
            "default",
            TlbHierarchyGeometry.unified(
                    TlbGeometry.of(16, 4, PolicyKind.FIFO),
                    TlbGeometry.of(16, 4, PolicyKind.FIFO),
                    TlbGeometry.of(128, 8, PolicyKind.LRU)),
            new WalkerProfile(
                    PageWalkCacheGeometry.of(32, 4),
                    PteCacheGeometry.parse("32K/8+512K/8+8M/16:shared"),
                    Set.of(PagingFeature.HARDWARE_UPDATE, PagingFeature.GIB_PAGES)),
            TagRules.ofAsids(16),
            RemoteInvalidation.IPI);

    /// Returns the first-level TLB for fetches.
    public TlbGeometry l1i() {
        return tlbs.l1i();
    }

    /// Returns the first-level TLB for data.
    public TlbGeometry l1d() {
        return tlbs.l1d();
    }

    /// Returns the second-level TLB.
    public TlbGeometry l2() {
        return tlbs.l2();
    }

    /// Returns the page-walk cache.
    public PageWalkCacheGeometry walkCache() {
        return walker.walkCache();
    }

    /// Returns the width of address-space ids.
    public int asidBits() {
        return tags.asidBits();
    }

    /// Returns whether the walker sets accessed and dirty bits.
    public boolean hardwareUpdate() {
        return walker.has(PagingFeature.HARDWARE_UPDATE);
    }

    /// Returns the highest address-space id.
    public int maxAsid() {
        return tags.maxAsid();
    }

    /// Returns this machine with another first-level TLB for fetches.
    public MachineProfile withL1i(TlbGeometry geometry) {
        return withTlbs(tlbs.withL1i(geometry));
    }

    /// Returns this machine with another first-level TLB for data.
    public MachineProfile withL1d(TlbGeometry geometry) {
        return withTlbs(tlbs.withL1d(geometry));
    }

    /// Returns this machine with another second-level TLB.
    public MachineProfile withL2(TlbGeometry geometry) {
        return withTlbs(tlbs.withL2(geometry));
    }

    /// Returns this machine with other TLBs.
    public MachineProfile withTlbs(TlbHierarchyGeometry geometry) {
        return new MachineProfile(name, geometry, walker, tags, remote);
    }

    /// Returns this machine with another walk cache.
    public MachineProfile withWalkCache(PageWalkCacheGeometry geometry) {
        return withWalker(walker.withWalkCache(geometry));
    }

    /// Returns this machine with another walker.
    public MachineProfile withWalker(WalkerProfile newWalker) {
        return new MachineProfile(name, tlbs, newWalker, tags, remote);
    }

    /// Returns this machine with other tags.
    public MachineProfile withTags(TagRules newTags) {
        return new MachineProfile(name, tlbs, walker, newTags, remote);
    }

    /// Returns this machine with another way of reaching other harts.
    public MachineProfile withRemote(RemoteInvalidation newRemote) {
        return new MachineProfile(name, tlbs, walker, tags, newRemote);
    }

    /// Returns this machine under another name.
    public MachineProfile named(String newName) {
        return new MachineProfile(newName, tlbs, walker, tags, remote);
    }
}
