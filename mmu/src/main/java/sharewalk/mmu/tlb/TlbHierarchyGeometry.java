package sharewalk.mmu.tlb;

import org.jspecify.annotations.Nullable;

/// The shapes of a hart's TLBs.
///
/// @param l2 the second level, of data and fetches unless `l2i` is there
/// @param l2i a second level of fetches only, or null
public record TlbHierarchyGeometry(
        TlbGeometry l1i,
        TlbGeometry l1d,
        TlbGeometry l2,
        @Nullable TlbGeometry l2i) {
    /// Returns TLBs with one second level for both.
    public static TlbHierarchyGeometry unified(TlbGeometry l1i, TlbGeometry l1d, TlbGeometry l2) {
        return new TlbHierarchyGeometry(l1i, l1d, l2, null);
    }

    /// Returns these TLBs with another first level for fetches.
    public TlbHierarchyGeometry withL1i(TlbGeometry geometry) {
        return new TlbHierarchyGeometry(geometry, l1d, l2, l2i);
    }

    /// Returns these TLBs with another first level for data.
    public TlbHierarchyGeometry withL1d(TlbGeometry geometry) {
        return new TlbHierarchyGeometry(l1i, geometry, l2, l2i);
    }

    /// Returns these TLBs with another second level, of which there is only one then.
    public TlbHierarchyGeometry withL2(TlbGeometry geometry) {
        return new TlbHierarchyGeometry(l1i, l1d, geometry, null);
    }

    /// Returns these TLBs with a second level of its own for fetches; the other is for data then.
    public TlbHierarchyGeometry withL2i(TlbGeometry geometry) {
        return new TlbHierarchyGeometry(l1i, l1d, l2, geometry);
    }
}
