package sharewalk.mmu.walk;

import java.util.Set;
import sharewalk.mmu.paging.PagingFeature;

/// The page-walking hardware of a hart.
public record WalkerProfile(PageWalkCacheGeometry walkCache, PteCacheGeometry pteCaches, Set<PagingFeature> features) {
    /// A walker that reads every entry from memory, and has no features.
    public static final WalkerProfile NO_CACHES =
            new WalkerProfile(PageWalkCacheGeometry.NONE, PteCacheGeometry.NONE, Set.of());

    public WalkerProfile {
        features = Set.copyOf(features);
    }

    /// Returns whether the walker has a feature.
    public boolean has(PagingFeature feature) {
        return features.contains(feature);
    }

    /// Returns this walker with another walk cache.
    public WalkerProfile withWalkCache(PageWalkCacheGeometry geometry) {
        return new WalkerProfile(geometry, pteCaches, features);
    }

    /// Returns this walker reading entries through other caches.
    public WalkerProfile withPteCaches(PteCacheGeometry geometry) {
        return new WalkerProfile(walkCache, geometry, features);
    }
}
